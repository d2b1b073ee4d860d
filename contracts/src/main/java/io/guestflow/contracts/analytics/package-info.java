/** What facts come to: windows of metrics, and the parts that they are merged from. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.analytics;
