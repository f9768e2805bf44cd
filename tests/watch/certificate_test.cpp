#include <gtest/gtest.h>
TEST(Certificate, Todo) {}
