using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Gif;

/// <summary>
/// A palette for many colours: the box of colours with the largest squared error is cut at its mean, across its widest spread,
/// until there are enough boxes, each of which gives its mean (after Heckbert 1982, with Wu's choice of box).
/// </summary>
internal static class MedianCut
{
    public static Rgb24[] Palette(ReadOnlySpan<Rgb24> colors, int size)
    {
        var boxes = new List<Box> { new(Histogram(colors)) };
        while (boxes.Count < size)
        {
            var worst = boxes.MaxBy(b => b.Error)!;
            if (worst.Error <= 0) break;
            boxes.Remove(worst);
            var (low, high) = worst.Cut();
            boxes.Add(low);
            boxes.Add(high);
        }
        return [.. boxes.Select(b => b.Mean)];
    }

    private static Bin[] Histogram(ReadOnlySpan<Rgb24> colors)
    {
        var bins = new Bin[1 << 15];
        foreach (var color in colors)
        {
            ref var bin = ref bins[color.R >> 3 << 10 | color.G >> 3 << 5 | color.B >> 3];
            bin.Count++;
            bin.R += color.R;
            bin.G += color.G;
            bin.B += color.B;
        }
        return [.. bins.Where(b => b.Count > 0)];
    }

    /// <summary>Colours that share the upper 5 bits of every channel: how many, and their sums.</summary>
    private record struct Bin(long Count, long R, long G, long B)
    {
        public readonly double Value(int axis) => (double)(axis == 0 ? R : axis == 1 ? G : B) / Count;
    }

    private sealed class Box
    {
        private readonly Bin[] bins;
        private readonly double[] means = new double[3];
        private readonly int axis;

        public Box(Bin[] bins)
        {
            this.bins = bins;
            double count = bins.Sum(b => b.Count);
            var largest = -1.0;
            for (var a = 0; a < 3; a++)
            {
                means[a] = bins.Sum(b => b.Count * b.Value(a)) / count;
                var error = bins.Sum(b => b.Count * (b.Value(a) - means[a]) * (b.Value(a) - means[a]));
                Error += error;
                if (error > largest) (largest, axis) = (error, a);
            }
            if (bins.Length == 1) Error = 0;
        }

        public double Error { get; private init; }

        public Rgb24 Mean => new(Round(means[0]), Round(means[1]), Round(means[2]));

        public (Box Low, Box High) Cut()
        {
            var low = Array.FindAll(bins, b => b.Value(axis) < means[axis]);
            var high = Array.FindAll(bins, b => b.Value(axis) >= means[axis]);
            return (new Box(low), new Box(high));
        }

        private static byte Round(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
    }
}
