/** What happened, one sealed type: the only source of audit and analytics. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.facts;
