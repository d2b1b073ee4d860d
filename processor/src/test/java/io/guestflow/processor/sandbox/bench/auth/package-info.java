/** What authentication costs beside bare Kafka and bare HTTP: {@code scripts/bench auth}. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox.bench.auth;
