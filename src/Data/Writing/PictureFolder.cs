using System.Buffers;
using System.Globalization;
using System.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data;

/// <summary>
/// Writes data sets as folders of PNG files, which a data set of kind <c>folder</c> reads back: <c>train</c> and <c>test</c> with a folder
/// for each class, <see cref="TableName"/> with the pictures' other attributes and <see cref="CaptionsName"/> with their captions. A pair
/// is one file, the input at the left and the target at the right, as <see cref="DataOptions.Pair"/> <c>side-by-side</c> reads it.
/// </summary>
public static class PictureFolder
{
    /// <summary>The table's name in the folder; <see cref="DataOptions.Attributes"/> takes its path.</summary>
    public const string TableName = "attributes.csv";

    /// <summary>The name of the table of captions in the folder, a row for each; <see cref="DataOptions.CaptionFiles"/> takes its
    /// path, with <c>table</c> as <see cref="DataOptions.Captions"/>.</summary>
    public const string CaptionsName = "captions.csv";

    // Pictures between two reports of progress.
    private const int Chunk = 500;

    // What a cell of the table needs quotes for.
    private static readonly SearchValues<char> _special = SearchValues.Create(",;\"\t\r\n");

    /// <summary>Writes into a temporary folder beside the target, which is renamed to the target when it is complete.</summary>
    /// <param name="folder">The target. It must not exist, or be empty.</param>
    /// <param name="parts">Data sets of equal attributes, each with the name of its sub-folder; an empty name means the folder
    /// itself.</param>
    /// <param name="progress">Receives the number of pictures done, and of all.</param>
    /// <param name="cancellationToken">Ends the writing and deletes the temporary folder.</param>
    /// <returns>Pictures written. Those that cannot be used are left out.</returns>
    /// <exception cref="DataSetException">The target exists already, or pictures have other than 1 or 3 channels and are no pairs.
    /// </exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static int Write(
        string folder, IReadOnlyList<(string Name, IImageSource Source)> parts, Action<long, long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(parts);
        foreach (var (_, source) in parts)
        {
            if (FileShape(source).Channels is not (1 or 3) and var channels)
                throw new DataSetException($"The pictures of {source.Name} have {channels} channels; a picture file has 1 or 3.");
        }
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new DataSetException($"{folder} exists already and is not empty. Give another folder, or delete it.");
        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.partial");
        try
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true); // of a killed process
            Directory.CreateDirectory(temporary);
            StringBuilder table = new(), captions = new();
            long total = parts.Sum(p => (long)p.Source.Count), done = 0;
            var written = 0;
            foreach (var (name, source) in parts)
            {
                written += WritePart(
                    temporary, name, source, table, captions, count => progress?.Invoke(done += count, total), cancellationToken);
            }
            foreach (var (name, text) in new[] { (TableName, table), (CaptionsName, captions) })
                if (text.Length > 0) File.WriteAllText(Path.Combine(temporary, name), text.ToString());
            if (Directory.Exists(target)) Directory.Delete(target);
            Directory.Move(temporary, target);
            return written;
        }
        catch
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static int WritePart(
        string root, string part, IImageSource source, StringBuilder table, StringBuilder captions, Action<int> wrote,
        CancellationToken cancellationToken)
    {
        // The folders hold the class, so the table does not.
        var columns = Enumerable.Range(0, source.Attributes.Count).Where(i => source.Attributes[i].Name != LabelField.Class).ToArray();
        if (table.Length == 0 && columns.Length > 0)
            table.AppendJoin(',', ["file", .. columns.Select(c => Quoted(source.Attributes[c].Name))]).Append('\n');
        if (captions.Length == 0 && source.HasCaptions) captions.Append("file,caption\n");
        foreach (var name in source.Classes.DefaultIfEmpty("")) Directory.CreateDirectory(Path.Combine(root, part, name));
        var shape = FileShape(source);
        var written = new bool[Chunk];
        var values = new float[source.Attributes.Count];
        var count = 0;
        for (var first = 0; first < source.Count; first += Chunk)
        {
            var chunk = Math.Min(Chunk, source.Count - first);
            var parallel = new ParallelOptions { CancellationToken = cancellationToken };
            Parallel.For(0, chunk, parallel, NewBuffers, (i, _, buffers) =>
            {
                var (pixels, planes, interleaved) = buffers;
                written[i] = source.TryRead(first + i, pixels);
                if (!written[i]) return buffers;
                if (source.ConditionChannels == 0) planes = pixels;
                else PicturePairs.Beside<byte>(pixels, planes, shape, source.ConditionChannels, source.Pose?.Channels ?? 0);
                SavePng(planes, shape, interleaved, Path.Combine(root, PathOf(part, source, first + i)));
                return buffers;
            }, _ => { });
            for (var i = 0; i < chunk; i++)
            {
                if (!written[i]) continue;
                count++;
                var file = Quoted(PathOf(part, source, first + i));
                foreach (var caption in source.Captions(first + i)) captions.Append(file).Append(',').Append(Quoted(caption)).Append('\n');
                if (columns.Length == 0) continue;
                source.ReadAttributes(first + i, values);
                table.Append(file);
                foreach (var column in columns) table.Append(',').Append(Cell(source.Attributes[column], values[column]));
                table.Append('\n');
            }
            wrote(chunk);
        }
        return count;

        (byte[], byte[], byte[]) NewBuffers() => (new byte[source.Shape.Size], new byte[shape.Size], new byte[shape.Size]);
    }

    private static ImageShape FileShape(IImageSource source) =>
        source.ConditionChannels == 0 ? source.Shape
            : PicturePairs.BesideShape(source.Shape, source.ConditionChannels, source.Pose?.Channels ?? 0);

    private static string PathOf(string part, IImageSource source, int index)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"{index:D6}.png");
        var folder = source.Label(index) is >= 0 and var label ? source.Classes[label] : "";
        return string.Join('/', ((string[])[part, folder, file]).Where(p => p.Length > 0));
    }

    private static void SavePng(ReadOnlySpan<byte> planes, ImageShape shape, Span<byte> buffer, string path)
    {
        using var file = File.Create(path);
        if (shape.Channels == 1)
        {
            using var gray = Image.LoadPixelData<L8>(planes, shape.Width, shape.Height);
            gray.SaveAsPng(file);
            return;
        }
        var area = shape.Height * shape.Width;
        for (var i = 0; i < area; i++)
            for (var channel = 0; channel < 3; channel++) buffer[3 * i + channel] = planes[channel * area + i];
        using var image = Image.LoadPixelData<Rgb24>(buffer, shape.Width, shape.Height);
        image.SaveAsPng(file);
    }

    private static string Cell(LabelField field, float value) => field.Kind switch
    {
        LabelKind.Categorical => value < 0 ? "" : Quoted(field.Values[(int)value]),
        LabelKind.Binary => value > 0 ? "1" : "0",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(_special) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
