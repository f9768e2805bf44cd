'use strict';

// Follows a session of the gateway with the npm package soupbintcp, which we did not write, and says
// line by line what it got: "session NAME NUMBER", "event HEX", "rejected CODE", "ended". When the
// connection breaks it logs on again for what comes next, as the protocol page says.
//
//   node subscriber.js PORT USER PASSWORD SESSION NUMBER

const fs = require('fs');
const { Client } = require('soupbintcp');

const [port, username, password, session, number] = process.argv.slice(2);
let requestedSession = session;
let next = Number(number);
let attempts = 0;

const say = (line) => fs.writeSync(1, line + '\n');

function follow() {
  const client = new Client({ host: '127.0.0.1', port: Number(port) });
  let ended = false;
  let over = false;

  // Runs `then` once; the package's timer would keep the process alive.
  const close = (then) => {
    if (over)
      return;
    over = true;
    client.end();
    then();
  };
  const tryAgain = () => {
    if (++attempts > 1000)
      process.exit(3);
    setTimeout(follow, 1);
  };

  client.on('connect', () => {
    client.login({ username, password, requestedSession, requestedSequenceNumber: next });
  });
  client.on('accept', (accepted) => {
    say(`session ${accepted.session.trim()} ${accepted.sequenceNumber}`);
    requestedSession = accepted.session;
    next = accepted.sequenceNumber;
  });
  client.on('message', (message) => {
    if (over)
      return;
    say(`event ${message.toString('hex')}`);
    next += 1;
    attempts = 0;
  });
  client.on('reject', (rejected) => {
    say(`rejected ${rejected.rejectReasonCode}`);
    close(() => { process.exitCode = 2; });
  });
  client.on('ending', () => {
    say('ended');
    ended = true;
  });
  client.on('end', () => close(ended ? () => {} : tryAgain));
  client.on('error', (error) => {
    if (ended)
      throw error;
    close(tryAgain);
  });
}

follow();
