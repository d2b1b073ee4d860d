package io.guestflow.processor.factlog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Fills stores before the processors look at them, as a restore from the changelogs does: the test driver restores nothing
 * and deletes its directory at the end. For key-value and window stores of bytes.
 */
public final class FilledFacts implements ProcessorWrapper {
    /** What the stores hold at the start: {@link Contents}. */
    public static final String CONFIG = "test.filled.facts";

    private Contents contents = new Contents();

    /** Of all stores of a topology. */
    public static final class Contents {
        private final Map<String, List<KeyValue<Bytes, byte[]>>> entries = new HashMap<>();
        private final Map<String, List<KeyValue<Windowed<Bytes>, byte[]>>> windows = new HashMap<>();
        private final Map<String, Set<String>> storesOfNodes = new HashMap<>();
        private final Set<String> filled = new HashSet<>();

        /** Nothing. */
        public Contents() {}

        /** What a driver's stores hold now. */
        public static Contents of(TopologyTestDriver driver) {
            Contents all = new Contents();
            for (String name : driver.getAllStateStores().keySet()) {
                KeyValueStore<Bytes, byte[]> keyValues = driver.getKeyValueStore(name);
                WindowStore<Bytes, byte[]> windowed = driver.getWindowStore(name);
                if (keyValues != null) {
                    try (KeyValueIterator<Bytes, byte[]> each = keyValues.all()) {
                        each.forEachRemaining(entry -> all.put(name, entry.key, entry.value));
                    }
                } else if (windowed != null) {
                    try (KeyValueIterator<Windowed<Bytes>, byte[]> each = windowed.all()) {
                        List<KeyValue<Windowed<Bytes>, byte[]>> into =
                                all.windows.computeIfAbsent(name, absent -> new ArrayList<>());
                        each.forEachRemaining(into::add);
                    }
                }
            }
            return all;
        }

        /** The same, for another driver. */
        public Contents copy() {
            return some(this, any -> true);
        }

        /** The stores of those names. */
        public static Contents some(Contents of, Predicate<String> names) {
            Contents some = new Contents();
            of.entries.forEach((name, all) -> {
                if (names.test(name)) {
                    some.entries.put(name, List.copyOf(all));
                }
            });
            of.windows.forEach((name, all) -> {
                if (names.test(name)) {
                    some.windows.put(name, List.copyOf(all));
                }
            });
            return some;
        }

        /** These and those. */
        public Contents with(Contents others) {
            entries.putAll(others.entries);
            windows.putAll(others.windows);
            return this;
        }

        /** One entry more, or instead of another. */
        public void put(String store, Bytes key, byte[] value) {
            entries.computeIfAbsent(store, absent -> new ArrayList<>()).add(new KeyValue<>(key, value));
        }

        /** Which processors have which stores; before the driver is made. */
        public void bind(TopologyDescription description) {
            for (TopologyDescription.Subtopology part : description.subtopologies()) {
                for (TopologyDescription.Node node : part.nodes()) {
                    if (node instanceof TopologyDescription.Processor processor) {
                        storesOfNodes.put(node.name(), processor.stores());
                    }
                }
            }
        }

        private void fill(String node, ProcessorContext<?, ?> context) {
            for (String name : storesOfNodes.getOrDefault(node, Set.of())) {
                if (!filled.add(name)) {
                    continue;
                }
                StateStore store = context.getStateStore(name);
                if (entries.containsKey(name)) {
                    fill(entries.get(name), store);
                }
                if (windows.containsKey(name)) {
                    fillWindows(windows.get(name), store);
                }
            }
        }

        @SuppressWarnings("unchecked")
        private static void fill(List<KeyValue<Bytes, byte[]>> from, StateStore store) {
            from.forEach(entry -> ((KeyValueStore<Bytes, byte[]>) store).put(entry.key, entry.value));
        }

        @SuppressWarnings("unchecked")
        private static void fillWindows(List<KeyValue<Windowed<Bytes>, byte[]>> from, StateStore store) {
            from.forEach(entry -> ((WindowStore<Bytes, byte[]>) store)
                    .put(entry.key.key(), entry.value, entry.key.window().start()));
        }
    }

    @Override
    public void configure(Map<String, ?> configs) {
        contents = (Contents) configs.get(CONFIG);
    }

    @Override
    public <K, V, A, B> WrappedProcessorSupplier<K, V, A, B> wrapProcessorSupplier(
            String name, ProcessorSupplier<K, V, A, B> supplier) {
        return new WrappedProcessorSupplier<>() {
            @Override
            public Set<StoreBuilder<?>> stores() {
                return supplier.stores();
            }

            @Override
            public Processor<K, V, A, B> get() {
                return new Filling<>(name, supplier.get());
            }
        };
    }

    @Override
    public <K, V, B> WrappedFixedKeyProcessorSupplier<K, V, B> wrapFixedKeyProcessorSupplier(
            String name, FixedKeyProcessorSupplier<K, V, B> supplier) {
        return ProcessorWrapper.asWrappedFixedKey(supplier);
    }

    private final class Filling<K, V, A, B> implements Processor<K, V, A, B> {
        private final String name;
        private final Processor<K, V, A, B> filled;

        Filling(String name, Processor<K, V, A, B> filled) {
            this.name = name;
            this.filled = filled;
        }

        @Override
        public void init(ProcessorContext<A, B> context) {
            contents.fill(name, context);
            filled.init(context);
        }

        @Override
        public void process(Record<K, V> record) {
            filled.process(record);
        }

        @Override
        public void close() {
            filled.close();
        }
    }
}
