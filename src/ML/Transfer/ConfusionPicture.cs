using System.Globalization;
using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>
/// A confusion matrix to look at: a row for each actual class, a column for each predicted one, both from the top left in the classes'
/// order. A cell's colour is its share of the row, blue where the prediction is right and orange where it is wrong; with few classes the
/// share stands in it in percent.
/// </summary>
public static class ConfusionPicture
{
    /// <summary>Up to so many classes have cells with numbers.</summary>
    private const int Numbered = 30;

    private const int NumberedCell = 40, Side = 1000, Line = 2, GlyphWidth = 3, GlyphHeight = 5, Scale = 3;

    /// <summary>Digits of 3 x 5 dots, a row in three bits.</summary>
    private static readonly int[][] Digits =
    [
        [7, 5, 5, 5, 7], [2, 6, 2, 2, 7], [7, 1, 7, 4, 7], [7, 1, 7, 1, 7], [5, 5, 7, 1, 1],
        [7, 4, 7, 1, 7], [7, 4, 7, 5, 7], [7, 1, 1, 2, 2], [7, 5, 7, 5, 7], [7, 5, 7, 1, 7],
    ];

    private static readonly float[] Paper = [0.98f, 0.97f, 0.96f], Right = [0.10f, 0.34f, 0.70f], Wrong = [0.80f, 0.30f, 0.05f],
        Ink = [0.13f, 0.13f, 0.13f];

    /// <summary>Writes the picture as PNG.</summary>
    /// <param name="counts">[actual][predicted], square.</param>
    /// <param name="path">The file; missing parent folders are made.</param>
    public static void SavePng(IReadOnlyList<IReadOnlyList<long>> counts, string path)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var n = counts.Count;
        if (n == 0 || counts.Any(row => row.Count != n))
            throw new ArgumentException("A confusion matrix is square and has a class.", nameof(counts));
        var cell = n <= Numbered ? NumberedCell : Math.Max(4, Side / n);
        var side = n * (cell + Line) + Line;
        var image = new ImageTensor(1, 3, side, side);
        Fill(image, 0, 0, side, side, [0.85f, 0.84f, 0.82f]);
        for (var actual = 0; actual < n; actual++)
        {
            var total = Math.Max(1, counts[actual].Sum());
            for (var predicted = 0; predicted < n; predicted++)
            {
                var share = (double)counts[actual][predicted] / total;
                // A few percent of errors are what one looks for, so shades begin steeply.
                var depth = (float)Math.Sqrt(share);
                var color = Mix(Paper, actual == predicted ? Right : Wrong, depth);
                int x = Line + predicted * (cell + Line), y = Line + actual * (cell + Line);
                Fill(image, x, y, cell, cell, color);
                if (n <= Numbered && share >= 0.005)
                    Number(image, x, y, cell, (int)Math.Round(100 * share), depth > 0.6f ? Paper : Ink);
            }
        }
        for (var i = 0; i < image.Values.Length; i++) image.Values[i] = image.Values[i] * 2 - 1;
        Pictures.SavePng(image, 0, path);
    }

    private static void Number(ImageTensor image, int x, int y, int cell, int number, float[] color)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        var width = text.Length * (GlyphWidth + 1) - 1;
        x += (cell - width * Scale) / 2;
        y += (cell - GlyphHeight * Scale) / 2;
        foreach (var digit in text)
        {
            for (var row = 0; row < GlyphHeight; row++)
                for (var column = 0; column < GlyphWidth; column++)
                    if ((Digits[digit - '0'][row] >> (GlyphWidth - 1 - column) & 1) == 1)
                        Fill(image, x + column * Scale, y + row * Scale, Scale, Scale, color);
            x += (GlyphWidth + 1) * Scale;
        }
    }

    private static void Fill(ImageTensor image, int x, int y, int width, int height, float[] color)
    {
        for (var channel = 0; channel < 3; channel++)
            for (var row = y; row < y + height; row++)
                image.Values.AsSpan((channel * image.Height + row) * image.Width + x, width).Fill(color[channel]);
    }

    private static float[] Mix(float[] from, float[] to, float share) => [.. from.Zip(to, (f, t) => f + share * (t - f))];
}
