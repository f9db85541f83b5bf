using System.Globalization;
using System.Runtime.InteropServices;

namespace GanPipeline.Evaluation.Tests;

public sealed class StructuralSimilarityTests
{
    [Fact]
    public void Equal_images_are_at_one_and_unrelated_ones_near_zero()
    {
        float[] a = Noise(1, 3, 48, 40), b = Noise(2, 3, 48, 40);
        Assert.Equal(1, StructuralSimilarity.MultiScale(a, a, 3, 48, 40), 12);
        Assert.InRange(StructuralSimilarity.MultiScale(a, b, 3, 48, 40), 0, 0.2);
        // Of constant images only the brightness differs: (2 x y + C1) / (x^2 + y^2 + C1), C1 = 0.0004.
        float[] dark = new float[11 * 11], light = new float[11 * 11];
        dark.AsSpan().Fill(0.25f);
        light.AsSpan().Fill(0.5f);
        Assert.Equal((0.25 + 0.0004) / (0.0625 + 0.25 + 0.0004), StructuralSimilarity.MultiScale(dark, light, 1, 11, 11), 9);
    }

    [Fact]
    public void Scales_follow_from_the_shorter_side()
    {
        Assert.Equal([0, 1, 1, 2, 2, 3, 4, 5, 5],
            new[] { 10, 11, 21, 22, 43, 44, 88, 176, 1024 }.Select(side => StructuralSimilarity.Scales(side, 2000)));
        Assert.Contains("needs 11 pixels a side",
            Assert.Throws<ArgumentException>(() => StructuralSimilarity.MultiScale(new float[90], new float[90], 1, 9, 10)).Message,
            StringComparison.Ordinal);
    }

    [PeerFact("/usr/bin/python3", "-c", "import numpy")]
    public void NumPy_agrees()
    {
        using var folder = new TemporaryFolder();
        // One scale to five, odd sides, and images that differ a little and much.
        var cases = new[] { (1, 11, 15, 0.5f), (3, 33, 28, 0.3f), (1, 90, 88, 0.1f), (1, 177, 180, 0.4f) };
        foreach (var (channels, height, width, share) in cases)
        {
            var a = Noise(3, channels, height, width);
            float[] b = [.. Noise(4, channels, height, width).Select((x, i) => share * x + (1 - share) * a[i])];
            foreach (var (name, values) in new[] { ("a", a), ("b", b) })
                File.WriteAllBytes(folder[name], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
            var (_, answer, error) = Peers.Run(Peers.Python, "-c", $"""
                import numpy as np
                a, b = (np.fromfile('{folder["."]}/' + n, np.float32).astype(float).reshape({channels}, {height}, {width}) for n in 'ab')
                r = np.arange(11) - 5
                g = np.exp(-(r[:, None] ** 2 + r[None] ** 2) / (2 * 1.5 ** 2)); g /= g.sum()
                view = np.lib.stride_tricks.sliding_window_view
                f = lambda x: (view(x, (11, 11)) * g).sum((-1, -2))
                p = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
                n = min(5, int(np.log2(min(a.shape[1:]) / 11)) + 1)
                p = np.array(p[:n]) / sum(p[:n])
                c1, c2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
                total = []
                for x, y in zip(a, b):
                    value = 1
                    for s in range(n):
                        mx, my = f(x), f(y)
                        vx, vy, c = f((x) ** 2) - mx ** 2, f(y ** 2) - my ** 2, f(x * y) - mx * my
                        cs = (2 * c + c2) / (vx + vy + c2)
                        l = (2 * mx * my + c1) / (mx ** 2 + my ** 2 + c1) if s == n - 1 else 1
                        value *= max(0, (l * cs).mean()) ** p[s]
                        h, w = x.shape[0] // 2 * 2, x.shape[1] // 2 * 2
                        x, y = (v[:h, :w].reshape(h // 2, 2, w // 2, 2).mean((1, 3)) for v in (x, y))
                    total.append(value)
                print(repr(float(np.mean(total))))
                """);
            Assert.True(double.TryParse(answer, CultureInfo.InvariantCulture, out var expected), error);
            // Sums of float64 in another order.
            Assert.Equal(expected, StructuralSimilarity.MultiScale(a, b, channels, height, width), 1e-10);
        }
    }

    [Fact]
    public void Within_classes_a_collapsed_one_shows()
    {
        var pictures = new ClassPictures(["same", "varied", "few"]);
        var one = Noise(7, 1, 16, 16);
        for (var i = 0; i < 300; i++)
        {
            // Class 0 is always the same image, class 1 varies; class 2 has too few; some have no class.
            var values = i % 3 == 0 ? one : Noise(100 + i, 1, 16, 16);
            pictures.Add(new ImageTensor(values, 1, 1, 16, 16), [i % 3 == 2 ? i < 9 ? 2 : -1 : i % 3]);
        }
        var found = pictures.Compare(seed: 0)!;
        Assert.Equal(("same", 100, 1), (found.HighestClass, found.Pairs, found.Scales)); // 50 pairs of the 100 images of either class
        Assert.Equal(1, found.Highest, 12);
        Assert.InRange(found.Mean, 0.5, 0.6);
        Assert.InRange(found.Error, 1e-6, 0.01);
        Assert.Null(new ClassPictures(["a", "b"]).Compare(0));
    }

    private static float[] Noise(long seed, int channels, int height, int width) =>
        [.. Latents.Normal(seed, 0, 1, channels * height * width).Select(x => Math.Clamp(x / 2, -1, 1))];
}
