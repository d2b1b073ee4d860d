/** What compliance finds of every decision, and how it is chained. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.audit;
