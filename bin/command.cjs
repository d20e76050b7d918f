#!/usr/bin/env node
// The package's command: says plainly what is wrong where Node is too old to read the rest.
'use strict';
require('./require-node-24.cjs');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
// In its repository Node runs the source; the package has what was compiled from it.
const isRepository = existsSync(join(__dirname, 'command.ts'));
import(isRepository ? './command.ts' : '../dist/bin/command.js');
