package io.guestflow.processor.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Waits for Kafka at the start, and refuses one on which exactly-once does not hold: before the transactions of KIP-890 a
 * commit or abort that was delayed could land in a later transaction.
 */
public final class BrokerCheck {
    private static final String FEATURE = "transaction.version";
    private static final int NEEDED = 2;
    private static final Duration TRY = Duration.ofSeconds(5);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);

    private final Map<String, Object> config;
    private final BootstrapServers servers;
    private final Duration wait;

    /**
     * For the cluster that an admin client with {@code config} reaches.
     *
     * @param wait how long it may take until a broker answers
     */
    public BrokerCheck(Map<String, Object> config, Duration wait) {
        this.config = Map.copyOf(config);
        this.servers = BootstrapServers.of(String.valueOf(config.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)));
        this.wait = wait;
    }

    /**
     * An admin client of a cluster that answers and can be used; the caller closes it.
     *
     * @throws BrokerException if there is none in time, or it refuses this client, or it cannot be used
     */
    public Admin connect() throws BrokerException, InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        Admin admin = create(deadline);
        boolean usable = false;
        try {
            checkTransactions(awaitAnswer(admin, deadline));
            usable = true;
            return admin;
        } finally {
            if (!usable) {
                admin.close(Duration.ZERO);
            }
        }
    }

    /** A client is not even created before a server's name can be resolved, which in a cluster may come late. */
    private Admin create(long deadline) throws BrokerException, InterruptedException {
        while (true) {
            try {
                return Admin.create(config);
            } catch (KafkaException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                if (servers.anyResolves()) {
                    throw new BrokerException("the KAFKA_* settings do not fit together: " + cause.getMessage(), e);
                }
                pause(deadline, cause.toString());
            }
        }
    }

    private FeatureMetadata awaitAnswer(Admin admin, long deadline) throws BrokerException, InterruptedException {
        while (true) {
            int timeoutMs = (int) Math.clamp((deadline - System.nanoTime()) / 1_000_000, 1, TRY.toMillis());
            try {
                // A broker that has just started answers before it can be used; then it is not among the nodes.
                boolean ready = !get(admin.describeCluster(new DescribeClusterOptions().timeoutMs(timeoutMs))
                                .nodes())
                        .isEmpty();
                FeatureMetadata features =
                        get(admin.describeFeatures(new DescribeFeaturesOptions().timeoutMs(timeoutMs))
                                .featureMetadata());
                if (ready) {
                    return features;
                }
                pause(deadline, "no broker of the cluster is ready yet");
            } catch (RetriableException e) {
                pause(deadline, e.toString());
            } catch (AuthenticationException e) {
                throw new BrokerException(
                        "Kafka at " + servers + " refuses this client: " + e.getMessage()
                                + ": check the KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_* and KAFKA_SSL_* settings",
                        e);
            } catch (AuthorizationException e) {
                throw new BrokerException(
                        "Kafka at " + servers + " does not allow this client to describe the cluster: " + e.getMessage()
                                + ": grant it Describe on the cluster",
                        e);
            } catch (KafkaException e) {
                throw new BrokerException("Kafka at " + servers + " cannot be used: " + e, e);
            }
        }
    }

    private void checkTransactions(FeatureMetadata features) throws BrokerException {
        FinalizedVersionRange finalized = features.finalizedFeatures().get(FEATURE);
        int version = finalized == null ? 0 : finalized.maxVersionLevel();
        if (version >= NEEDED) {
            return;
        }
        SupportedVersionRange supported = features.supportedFeatures().get(FEATURE);
        String found = "Kafka at " + servers + " has " + FEATURE + " " + version + ", but exactly-once needs " + NEEDED;
        if (supported == null || supported.maxVersion() < NEEDED) {
            throw new BrokerException(
                    found + ", which its brokers do not know: upgrade them to Kafka 4.0 or later", null);
        }
        throw new BrokerException(
                found + ": run kafka-features.sh --bootstrap-server " + servers + " upgrade --feature " + FEATURE + "="
                        + NEEDED,
                null);
    }

    private void pause(long deadline, String last) throws BrokerException, InterruptedException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new BrokerException(
                    "no Kafka broker answered at " + servers + " within " + wait.toSeconds() + " s (" + servers.probe()
                            + "; last error: " + last
                            + "): start Kafka, correct KAFKA_BOOTSTRAP_SERVERS and the other KAFKA_* settings, or wait longer"
                            + " with GUESTFLOW_BROKER_WAIT",
                    null);
        }
        TimeUnit.NANOSECONDS.sleep(Math.min(left, BETWEEN_TRIES.toNanos()));
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        }
    }
}
