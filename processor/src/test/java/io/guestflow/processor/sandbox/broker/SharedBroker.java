package io.guestflow.processor.sandbox.broker;

import java.nio.file.Path;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Gives test classes a {@link KafkaSandbox} parameter on the one broker of this JVM, empty when the class begins.
 * System property {@code it.broker}: {@code process} (default) or {@code testcontainers}.
 */
public final class SharedBroker implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedBroker.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        sandbox(context).deleteAllTopicsAndGroups();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KafkaSandbox.class;
    }

    @Override
    public KafkaSandbox resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return sandbox(context);
    }

    /**
     * Kept with JUnit's session, which closes it, what was made last first, when the last class has ended. What is kept with
     * the root lasts for one class where several JVMs share the classes: each gets them one by one.
     */
    private static KafkaSandbox sandbox(ExtensionContext context) {
        var store = context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
        var broker = store.computeIfAbsent(Broker.class, type -> start(), Broker.class);
        return store.computeIfAbsent(
                KafkaSandbox.class, type -> new KafkaSandbox(broker.bootstrap()), KafkaSandbox.class);
    }

    private static Broker start() {
        String kind = System.getProperty("it.broker", "process");
        return switch (kind) {
            case "process" -> startProcess();
            case "testcontainers" -> startContainer();
            default -> throw new IllegalArgumentException("it.broker is '" + kind + "', not process or testcontainers");
        };
    }

    private static Broker startProcess() {
        Path kept =
                Path.of("target", "sandbox", "broker-" + ProcessHandle.current().pid());
        var cluster = KafkaCluster.start(1, BrokerOptions.fastStart().in(kept));
        return new Broker(cluster.bootstrap(), cluster::close);
    }

    /** The image of the version that the clients have. */
    private static Broker startContainer() {
        var container = new KafkaContainer("apache/kafka:" + AppInfoParser.getVersion())
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        container.start();
        return new Broker(container.getBootstrapServers(), container::close);
    }

    private record Broker(String bootstrap, Runnable stop) implements AutoCloseable {
        @Override
        public void close() {
            stop.run();
        }
    }
}
