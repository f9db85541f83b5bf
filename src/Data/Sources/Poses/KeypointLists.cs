using System.Globalization;

namespace GanPipeline.Data;

/// <summary>
/// Tables of keypoints as pose transfer sets have them (Zhu et al. 2019, after Ma et al. 2017): <c>name:keypoints_y:keypoints_x</c>, and a
/// row a picture, such as <c>1.jpg: [12, -1]: [40, -1]</c>.
/// </summary>
internal static class KeypointLists
{
    private const string X = "keypoints_x", Y = "keypoints_y";

    /// <summary>Whether a table begins with this line.</summary>
    public static bool IsHeader(string line) => Parts(line) is [_, X, Y] or [_, Y, X];

    public static List<KeypointRow> Read(TableFile table, string header, string path)
    {
        var isYFirst = Parts(header)[1] == Y;
        return [.. table.Lines().Skip(1).Select(line =>
        {
            // A file's name may have colons.
            var second = line.Text.LastIndexOf(':');
            var first = second > 0 ? line.Text.LastIndexOf(':', second - 1) : -1;
            if (first < 1)
                throw new DataSetException($"{path}, line {line.Number}: it is not a file and two lists, as in 1.jpg: [12, -1]: [40, -1].");
            var file = FileNames.Normalized(line.Text[..first].Trim());
            var (one, other) = (List(line.Text[(first + 1)..second], line.Number), List(line.Text[(second + 1)..], line.Number));
            var (ys, xs) = isYFirst ? (one, other) : (other, one);
            if (xs.Length != ys.Length)
                throw new DataSetException($"{path}, line {line.Number}: {file} has {xs.Length} values of x and {ys.Length} of y.");
            return new KeypointRow(line.Number, file, [.. xs.Zip(ys, (x, y) => x == -1 || y == -1 ? ((double, double)?)null
                : (x + 0.5, y + 0.5))]);
        })];

        double[] List(string text, int line)
        {
            text = text.Trim();
            if (text is not ['[', .. var inner, ']'])
                throw new DataSetException($"{path}, line {line}: '{text}' is not a list in brackets, as in [12, -1, 40].");
            return inner.Trim().Length == 0 ? [] : [.. inner.Split(',').Select(cell =>
                double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
                    : throw new DataSetException($"{path}, line {line}: '{cell.Trim()}' is not a number."))];
        }
    }

    private static string[] Parts(string line) => line.Split(':', StringSplitOptions.TrimEntries);
}
