using System.Globalization;

namespace GanPipeline.Evaluation.Tests;

public sealed class SlicedWassersteinTests
{
    [Fact]
    public void In_one_dimension_it_is_the_Wasserstein_distance()
    {
        // Sorted, 1 2 4 and 0 5 6 differ by 1, 3 and 2; the fourth has no partner.
        Assert.Equal(Math.Sqrt((1 + 9 + 4) / 3.0), SlicedWasserstein.Between(new float[] { 4, 1, 2 }, new float[] { 5, 6, 0, 9 }, 1), 1e-6);
        var x = Latents.Normal(1, 0, 100, 12);
        Assert.Equal(0, SlicedWasserstein.Between(x, x.Chunk(12).Reverse().SelectMany(v => v).ToArray(), 12), 1e-6);
    }

    [Theory]
    [InlineData(0.5f, 1)]
    [InlineData(0, 1.5f)]
    public void Of_Gaussians_it_is_known(float shift, float scale)
    {
        // Along a unit direction: the squared mean shift (0.25 on average over directions), and the squared difference of deviations.
        const int d = 12;
        var x = Latents.Normal(1, 0, 2000, d);
        float[] y = [.. Latents.Normal(2, 0, 2000, d).Select(v => shift + scale * v)];
        var expected = Math.Sqrt(shift * shift + (scale - 1) * (scale - 1));
        // Means of 2000 lie within 0.03 of each other, and 256 directions within a tenth.
        Assert.InRange(SlicedWasserstein.Between(x, y, d), 0.9 * expected, 1.1 * expected);
        Assert.InRange(SlicedWasserstein.Between(x, Latents.Normal(3, 0, 2000, d), d), 0, 0.08);
    }

    [PeerFact("/usr/bin/python3", "-c", "import numpy")]
    public void NumPy_agrees()
    {
        using var folder = new TemporaryFolder();
        const int d = 7;
        float[] x = Latents.Normal(1, 0, 50, d), y = [.. Latents.Normal(2, 0, 60, d).Select(v => 1 + 2 * v)];
        var w = Latents.Normal(9, 0, 30, d);
        foreach (var (name, values) in new[] { ("x", x), ("y", y), ("w", w) })
            File.WriteAllBytes(folder[name], System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        var (_, answer, error) = Peers.Run(Peers.Python, "-c", $"""
            import numpy as np
            x, y, w = (np.fromfile('{folder["."]}/' + n, np.float32).astype(float).reshape(-1, {d}) for n in 'xyw')
            w /= np.linalg.norm(w, axis=1, keepdims=True)
            a, b = (np.sort(v[:50] @ w.T, 0) for v in (x, y))
            print(repr(np.sqrt(((a - b) ** 2).mean())))
            """);
        Assert.True(double.TryParse(answer, CultureInfo.InvariantCulture, out var expected), error);
        Assert.Equal(expected, SlicedWasserstein.Between(x, y, d, directions: 30, seed: 9), 1e-5);
    }

    [Fact]
    public void Too_few_vectors_are_refused()
    {
        Assert.Contains("needs 2 vectors of each set or more; 1 given",
            Assert.Throws<ArgumentException>(() => SlicedWasserstein.Between(new float[4], new float[2], 2)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SlicedWasserstein.Between(new float[4], new float[5], 2));
        Assert.Equal((2000, 1365, 2), (SlicedWasserstein.MostImages(3072), SlicedWasserstein.MostImages(3 * 64 * 64),
            SlicedWasserstein.MostImages(3 << 24)));
    }
}
