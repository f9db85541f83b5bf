namespace SixLabors.ImageSharp.Formats.Gif;

/// <summary>GIF's variant of LZW: codes of growing length, a code that clears the table and one that ends (GIF89a, appendix F).</summary>
internal static class GifLzw
{
    private const int MaximalCode = 4095;

    public static void Encode(Stream stream, ReadOnlySpan<byte> indices, int bits)
    {
        var writer = new BlockWriter(stream, bits);
        var clear = 1 << bits;
        var table = new Dictionary<int, int>(MaximalCode);
        var (next, length) = (clear + 2, bits + 1);
        writer.Write(clear, length);
        var prefix = (int)indices[0];
        foreach (var index in indices[1..])
        {
            var key = prefix << 8 | index;
            if (table.TryGetValue(key, out var code))
            {
                prefix = code;
                continue;
            }
            writer.Write(prefix, length);
            prefix = index;
            if (next > MaximalCode)
            {
                writer.Write(clear, length);
                table.Clear();
                (next, length) = (clear + 2, bits + 1);
                continue;
            }
            // The decoder learns each code one step later, so a code gets longer when the next one would not fit.
            if (next == 1 << length) length++;
            table.Add(key, next++);
        }
        writer.Write(prefix, length);
        if (next == 1 << length && length < 12) length++;
        writer.Write(clear + 1, length);
        writer.End();
    }

    /// <summary>Decodes the sub-blocks at <paramref name="data"/> into the indices of a frame, and moves behind them.</summary>
    public static void Decode(ref ReadOnlySpan<byte> data, Span<byte> indices)
    {
        var reader = new BlockReader(data[1..]);
        if (data[0] is < 2 or > 8) throw GifReader.Damaged($"its codes begin with {data[0]} bits");
        var clear = 1 << data[0];
        var prefixes = new short[MaximalCode + 1];
        var suffixes = new byte[MaximalCode + 1];
        var stack = new byte[MaximalCode + 2];
        for (var i = 0; i < clear; i++) suffixes[i] = (byte)i;
        var (next, length, previous, written) = (clear + 2, data[0] + 1, -1, 0);
        byte first = 0;
        while (written < indices.Length)
        {
            var code = reader.Read(length);
            if (code < 0 || code == clear + 1) throw new InvalidImageContentException("The GIF picture is truncated: a frame ends early.");
            if (code == clear)
            {
                (next, length, previous) = (clear + 2, data[0] + 1, -1);
                continue;
            }
            if (code > next || (code == next && previous < 0)) throw GifReader.Damaged($"the code {code} is not known yet");
            var depth = 0;
            var walk = code;
            if (code == next)
            {
                stack[depth++] = first;
                walk = previous;
            }
            for (; walk >= clear; walk = prefixes[walk]) stack[depth++] = suffixes[walk];
            first = suffixes[walk];
            stack[depth++] = first;
            while (depth > 0 && written < indices.Length) indices[written++] = stack[--depth];
            if (previous >= 0 && next <= MaximalCode)
            {
                prefixes[next] = (short)previous;
                suffixes[next++] = first;
                if (next == 1 << length && length < 12) length++;
            }
            previous = code;
        }
        data = reader.SkipToEnd();
    }

    private sealed class BlockWriter
    {
        private readonly Stream stream;
        private readonly byte[] block = new byte[256];
        private int count;
        private int held;
        private int heldBits;

        public BlockWriter(Stream stream, int bits)
        {
            this.stream = stream;
            stream.WriteByte((byte)bits);
        }

        public void Write(int code, int length)
        {
            held |= code << heldBits;
            for (heldBits += length; heldBits >= 8; heldBits -= 8, held >>= 8) Add((byte)held);
        }

        public void End()
        {
            if (heldBits > 0) Add((byte)held);
            Flush();
            stream.WriteByte(0);
        }

        private void Add(byte value)
        {
            block[++count] = value;
            if (count == 255) Flush();
        }

        private void Flush()
        {
            if (count == 0) return;
            block[0] = (byte)count;
            stream.Write(block, 0, count + 1);
            count = 0;
        }
    }

    private ref struct BlockReader(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> data = data;
        private int blockRest;
        private int held;
        private int heldBits;

        /// <summary>The next code, or -1 where the data end.</summary>
        public int Read(int length)
        {
            for (; heldBits < length; heldBits += 8)
            {
                if (blockRest == 0)
                {
                    if (data.IsEmpty || data[0] == 0) return -1;
                    blockRest = data[0];
                    data = data[1..];
                }
                if (data.IsEmpty) return -1;
                held |= data[0] << heldBits;
                data = data[1..];
                blockRest--;
            }
            var code = held & (1 << length) - 1;
            held >>= length;
            heldBits -= length;
            return code;
        }

        public readonly ReadOnlySpan<byte> SkipToEnd() => GifReader.SkipBlocks(data[Math.Min(blockRest, data.Length)..]);
    }
}
