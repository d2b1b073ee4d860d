/** Requests for authentication, their results, and the commands and outcomes between the decision and CXone. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.auth;
