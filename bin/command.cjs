#!/usr/bin/env node
// The package's command: says plainly what is wrong where Node is too old to read the rest.
'use strict';
require('./require-node-24.cjs');
import('../dist/bin/command.js');
