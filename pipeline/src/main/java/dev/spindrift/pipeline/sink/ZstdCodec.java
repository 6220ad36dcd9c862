package dev.spindrift.pipeline.sink;

import io.airlift.compress.zstd.ZstdCompressor;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Zstandard in plain Java: no native library to load in each job's class loader, and none of Hadoop's codecs. */
final class ZstdCodec implements CompressionCodecFactory {

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
        if (name != CompressionCodecName.ZSTD) {
            throw new IllegalArgumentException("Cannot compress with " + name + ": this is zstd. Ask for ZSTD.");
        }
        return new Compressor();
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
        throw new IllegalStateException("Cannot read Parquet: the sink only writes it.");
    }

    @Override
    public void release() {}

    private static final class Compressor implements BytesInputCompressor {
        private final ZstdCompressor zstd = new ZstdCompressor();

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            byte[] input = bytes.toInputStream().readAllBytes();
            byte[] output = new byte[zstd.maxCompressedLength(input.length)];
            int length = zstd.compress(input, 0, input.length, output, 0, output.length);
            return BytesInput.from(output, 0, length);
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.ZSTD;
        }

        @Override
        public void release() {}
    }
}
