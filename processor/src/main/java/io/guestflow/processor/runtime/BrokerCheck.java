package io.guestflow.processor.runtime;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Waits for the broker at the start, and checks that its transactions are the ones our guarantees rest on. */
public final class BrokerCheck {
    private static final String FEATURE = "transaction.version";
    /** KIP-890: before it, a delayed commit or abort marker could end up in the next transaction. */
    private static final short NEEDED = 2;

    private BrokerCheck() {}

    /**
     * Returns when the broker answers and can be used.
     *
     * @throws BrokerException if it does not answer in time, refuses us, or lacks the transactions
     */
    public static void await(Admin admin, String bootstrapServers, Duration wait)
            throws BrokerException, InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        Throwable last = null;
        while (true) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw unreachable(bootstrapServers, wait, last);
            }
            try {
                requireTransactions(
                        admin.describeFeatures()
                                .featureMetadata()
                                .get(left, TimeUnit.NANOSECONDS)
                                .finalizedFeatures()
                                .get(FEATURE),
                        bootstrapServers);
                return;
            } catch (java.util.concurrent.TimeoutException late) {
                throw unreachable(bootstrapServers, wait, last == null ? late : last);
            } catch (ExecutionException failed) {
                last = failed.getCause();
                refuseIfFinal(bootstrapServers, last);
            }
        }
    }

    private static void refuseIfFinal(String bootstrapServers, @Nullable Throwable failure) throws BrokerException {
        if (failure instanceof AuthenticationException || failure instanceof AuthorizationException) {
            throw new BrokerException(
                    "the broker at " + bootstrapServers + " refuses us (" + failure.getMessage()
                            + "): check KAFKA_SECURITY_PROTOCOL and KAFKA_SASL_*, and this principal's ACLs",
                    failure);
        }
        if (!(failure instanceof RetriableException)) {
            throw new BrokerException("the broker at " + bootstrapServers + " cannot be used: " + failure, failure);
        }
    }

    private static BrokerException unreachable(String bootstrapServers, Duration wait, @Nullable Throwable last) {
        return new BrokerException(
                "no broker answered at " + bootstrapServers + " within " + wait.toSeconds() + " s ("
                        + (last == null ? "no answer" : last)
                        + "): check KAFKA_BOOTSTRAP_SERVERS, or wait longer with GUESTFLOW_BROKER_WAIT",
                last);
    }

    private static void requireTransactions(@Nullable FinalizedVersionRange range, String bootstrapServers)
            throws BrokerException {
        if (range == null || range.maxVersionLevel() < NEEDED) {
            throw new BrokerException(
                    "the broker at " + bootstrapServers + " runs " + FEATURE + " "
                            + (range == null ? 0 : range.maxVersionLevel()) + ", and exactly-once needs " + NEEDED
                            + ": kafka-features.sh --bootstrap-server " + bootstrapServers + " upgrade --feature "
                            + FEATURE + "=" + NEEDED,
                    null);
        }
    }
}
