/**
 * What facts come to: windows of metrics, the parts that they are merged from, and conversations beside CXone's figures.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.analytics;
