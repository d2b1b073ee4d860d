package io.guestflow.processor.wire;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Fills the stores before the processor looks at them, as a restore from the changelogs does: the test driver restores
 * nothing and deletes its directory at the end.
 */
public final class FilledStores implements ProcessorWrapper {
    /** By the name of a processor, what each of its stores holds at the start. */
    public static final String CONFIG = "test.filled.stores";

    private Map<String, Map<String, List<KeyValue<Bytes, byte[]>>>> contents = Map.of();

    @Override
    @SuppressWarnings("unchecked")
    public void configure(Map<String, ?> configs) {
        contents = (Map<String, Map<String, List<KeyValue<Bytes, byte[]>>>>) configs.get(CONFIG);
    }

    @Override
    public <K, V, A, B> WrappedProcessorSupplier<K, V, A, B> wrapProcessorSupplier(
            String name, ProcessorSupplier<K, V, A, B> supplier) {
        Map<String, List<KeyValue<Bytes, byte[]>>> stores = contents.get(name);
        if (stores == null) {
            return ProcessorWrapper.asWrapped(supplier);
        }
        return new WrappedProcessorSupplier<>() {
            @Override
            public Set<StoreBuilder<?>> stores() {
                return supplier.stores();
            }

            @Override
            public Processor<K, V, A, B> get() {
                return new Filling<>(stores, supplier.get());
            }
        };
    }

    @Override
    public <K, V, B> WrappedFixedKeyProcessorSupplier<K, V, B> wrapFixedKeyProcessorSupplier(
            String name, FixedKeyProcessorSupplier<K, V, B> supplier) {
        return ProcessorWrapper.asWrappedFixedKey(supplier);
    }

    private static final class Filling<K, V, A, B> implements Processor<K, V, A, B> {
        private final Map<String, List<KeyValue<Bytes, byte[]>>> stores;
        private final Processor<K, V, A, B> filled;

        Filling(Map<String, List<KeyValue<Bytes, byte[]>>> stores, Processor<K, V, A, B> filled) {
            this.stores = stores;
            this.filled = filled;
        }

        @Override
        public void init(ProcessorContext<A, B> context) {
            stores.forEach((name, entries) -> {
                KeyValueStore<Bytes, byte[]> store = context.getStateStore(name);
                entries.forEach(entry -> store.put(entry.key, entry.value));
            });
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
