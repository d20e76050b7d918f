import { App } from 'aws-cdk-lib/core';
import { OrdersStack } from './orders-stack.ts';

new OrdersStack(new App(), 'Orders');
