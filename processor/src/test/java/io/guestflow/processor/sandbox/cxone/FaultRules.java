package io.guestflow.processor.sandbox.cxone;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which fault strikes which call. The first rule of an endpoint that strikes wins.
 *
 * <p>Threading: any thread may add, clear and ask.
 */
final class FaultRules {

    static final int UNTIL_CLEARED = Integer.MAX_VALUE;

    private record Rule(Endpoint endpoint, Fault fault, AtomicInteger left, double probability) {}

    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final Random random = new Random(20261122);

    void add(Endpoint endpoint, Fault fault, int count, double probability) {
        rules.add(new Rule(endpoint, fault, new AtomicInteger(count), probability));
    }

    void clear(@Nullable Endpoint endpoint) {
        rules.removeIf(rule -> endpoint == null || rule.endpoint == endpoint);
    }

    @Nullable
    Fault strike(Endpoint endpoint) {
        for (Rule rule : rules) {
            if (rule.endpoint != endpoint || (rule.probability < 1 && random.nextDouble() >= rule.probability)) {
                continue;
            }
            if (rule.left.get() == UNTIL_CLEARED) {
                return rule.fault;
            }
            int left = rule.left.getAndDecrement();
            if (left == 1) {
                rules.remove(rule);
            }
            if (left >= 1) {
                return rule.fault;
            }
        }
        return null;
    }

    List<String> describe() {
        return rules.stream()
                .map(rule -> rule.endpoint.label() + " " + rule.fault
                        + (rule.left.get() == UNTIL_CLEARED ? "" : " x" + rule.left.get())
                        + (rule.probability < 1 ? " p=" + rule.probability : ""))
                .toList();
    }
}
