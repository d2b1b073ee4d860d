/** Sessions: the events that make them, what is asked of CXone for them and what came of it, and the state that is shown. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.session;
