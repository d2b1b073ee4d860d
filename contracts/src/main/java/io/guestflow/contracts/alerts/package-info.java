/** What an operator is to know of now, and the counts that it is decided by. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.alerts;
