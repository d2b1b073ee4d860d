package io.guestflow.processor.sandbox.broker;

import io.guestflow.processor.sandbox.ChildJvm;
import io.guestflow.processor.sandbox.JvmCommand;
import java.time.Duration;

/**
 * One node of a {@link KafkaCluster} as a child process, made to be killed, paused and started again on the same
 * directory and ports.
 *
 * <p>Threading: one thread drives it.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);

    private final Node node;
    private final BrokerOptions options;
    private final JvmCommand command;
    private ChildJvm jvm;

    /** Starts it; {@link #awaitReady} waits for it. */
    BrokerProcess(Node node, BrokerOptions options) {
        this.node = node;
        this.options = options;
        this.command = new JvmCommand(
                "broker-" + node.id(),
                BrokerMain.class.getName(),
                BrokerMain.arguments(node, options.properties()),
                options.jvmFlags(),
                JvmCommand.ownClassPath(),
                System.getenv(),
                node.dir().resolveSibling("logs"));
        this.jvm = ChildJvm.start(command);
    }

    public String bootstrap() {
        return node.bootstrap();
    }

    public long pid() {
        return jvm.pid();
    }

    public boolean isAlive() {
        return jvm.isAlive();
    }

    /** Resident memory in bytes. */
    public long rssBytes() {
        return jvm.rssBytes();
    }

    /** SIGKILL: connections break, nothing is flushed. */
    public void kill() {
        jvm.sigkill();
    }

    /** SIGSTOP: connections stay open and nothing answers. */
    public void pause() {
        jvm.pause();
    }

    public void resume() {
        jvm.resume();
    }

    /** SIGTERM; returns when it is gone. The last node of a quorum waits 5 s for the others before it goes. */
    public void stop() {
        jvm.resume();
        jvm.sigterm();
        jvm.awaitExit(STOPS_WITHIN);
    }

    /** Stops it if it runs and starts it on the same directory and ports; returns when it answers. */
    public void restart() {
        if (jvm.isAlive()) {
            stop();
        }
        launch();
        awaitReady();
    }

    void launch() {
        jvm.close();
        jvm = ChildJvm.start(command);
    }

    void awaitReady() {
        String ready = "broker ready " + bootstrap();
        jvm.awaitLine(ready, ready::equals, options.readyWithin());
    }

    @Override
    public void close() {
        jvm.close();
    }
}
