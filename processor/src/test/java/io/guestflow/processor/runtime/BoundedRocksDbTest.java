package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class BoundedRocksDbTest {
    /** As many as the applications of one process have with 12 partitions. */
    private static final int STORES = 72;

    private static final long MEMORY = 64L << 20;
    private static final int ROUNDS = 20;

    @TempDir
    Path directory;

    private final List<RocksDB> stores = new ArrayList<>();
    private final List<Options> options = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(RocksDB::close);
        options.forEach(Options::close);
    }

    /** Each flush is a file, and its part of a compaction later. */
    @Test
    void manyStoresWithLittleInThemAreNotFlushed() throws RocksDBException {
        BoundedRocksDb.loadLibrary();
        for (int store = 0; store < STORES; store++) {
            stores.add(open("store-" + store));
        }

        for (int round = 0; round < ROUNDS; round++) {
            byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(round).array();
            for (RocksDB store : stores) {
                store.put(key, new byte[500]);
            }
        }

        long files = 0;
        for (RocksDB store : stores) {
            files += store.getLongProperty("rocksdb.num-immutable-mem-table-flushed")
                    + Long.parseLong(store.getProperty("rocksdb.num-files-at-level0"));
        }
        assertEquals(0, files, "less than a MiB of records fits into what write buffers may use");
    }

    private RocksDB open(String name) throws RocksDBException {
        Options own = new Options().setCreateIfMissing(true).setTableFormatConfig(new BlockBasedTableConfig());
        options.add(own);
        new BoundedRocksDb().setConfig(name, own, Map.of(BoundedRocksDb.MEMORY_CONFIG, MEMORY));
        return RocksDB.open(own, directory.resolve(name).toString());
    }
}
