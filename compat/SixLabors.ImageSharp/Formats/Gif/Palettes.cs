using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Gif;

/// <summary>A frame as indices into at most 256 colours: exact where it has no more, else the best found, with the error diffused.</summary>
internal static class Palettes
{
    private const int MaximalSize = 256;

    public static Rgb24[] Index<TPixel>(ImageFrame<TPixel> frame, byte[] indices) where TPixel : unmanaged, IPixel<TPixel>
    {
        if (typeof(TPixel) == typeof(L8))
        {
            MemoryMarshal.AsBytes(frame.Pixels).CopyTo(indices);
            return [.. Enumerable.Range(0, 256).Select(v => new Rgb24((byte)v, (byte)v, (byte)v))];
        }
        var colors = new Rgb24[frame.Width * frame.Height];
        PixelConversion.Convert(frame.Pixels, colors.AsSpan());
        if (Exact(colors, indices) is { } palette) return palette;
        palette = MedianCut.Palette(colors, MaximalSize);
        Dither(colors, frame.Width, frame.Height, palette, indices);
        return palette;
    }

    private static Rgb24[]? Exact(Rgb24[] colors, byte[] indices)
    {
        var known = new Dictionary<Rgb24, byte>();
        for (var i = 0; i < colors.Length; i++)
        {
            if (!known.TryGetValue(colors[i], out var index))
            {
                if (known.Count == MaximalSize) return null;
                known.Add(colors[i], index = (byte)known.Count);
            }
            indices[i] = index;
        }
        return [.. known.OrderBy(p => p.Value).Select(p => p.Key)];
    }

    /// <summary>Nearest colours, each pixel's error passed on to its neighbours as Floyd and Steinberg do (1976).</summary>
    private static void Dither(Rgb24[] colors, int width, int height, Rgb24[] palette, byte[] indices)
    {
        var nearest = new NearestColor(palette);
        var (here, below) = (new int[3 * (width + 2)], new int[3 * (width + 2)]);
        for (var y = 0; y < height; y++)
        {
            Array.Clear(below);
            for (var x = 0; x < width; x++)
            {
                var color = colors[y * width + x];
                var at = 3 * (x + 1);
                int r = Wanted(color.R, here[at]), g = Wanted(color.G, here[at + 1]), b = Wanted(color.B, here[at + 2]);
                var index = nearest.Find(r, g, b);
                indices[y * width + x] = index;
                Spread(r - palette[index].R, at);
                Spread(g - palette[index].G, at + 1);
                Spread(b - palette[index].B, at + 2);
            }
            (here, below) = (below, here);
        }

        static int Wanted(byte value, int error) => Math.Clamp(value + error / 16, 0, 255);

        void Spread(int error, int at)
        {
            here[at + 3] += 7 * error;
            below[at - 3] += 3 * error;
            below[at] += 5 * error;
            below[at + 3] += error;
        }
    }

    /// <summary>Searches the palette once for each cell of 5 bits a channel.</summary>
    private sealed class NearestColor(Rgb24[] palette)
    {
        private readonly short[] cells = NewCells();

        public byte Find(int r, int g, int b)
        {
            ref var cell = ref cells[r >> 3 << 10 | g >> 3 << 5 | b >> 3];
            if (cell < 0) cell = Search(r & ~7 | 4, g & ~7 | 4, b & ~7 | 4);
            return (byte)cell;
        }

        private static short[] NewCells()
        {
            var cells = new short[1 << 15];
            Array.Fill(cells, (short)-1);
            return cells;
        }

        private short Search(int r, int g, int b)
        {
            var (best, least) = (0, int.MaxValue);
            for (var i = 0; i < palette.Length; i++)
            {
                int dr = r - palette[i].R, dg = g - palette[i].G, db = b - palette[i].B;
                var distance = 2 * dr * dr + 4 * dg * dg + db * db;
                if (distance < least) (best, least) = (i, distance);
            }
            return (short)best;
        }
    }
}
