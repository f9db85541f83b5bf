using GanPipeline.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>
/// A data set's images as rows: <c>Image</c>, a vector of Single [C, H, W] in [-1, 1]; <c>Label</c>, a key with the names of the classes,
/// where there are classes; <c>File</c>, a text, empty where an image is no file of its own; and a column for each further attribute. Of
/// pairs (<see cref="DataOptions.Pair"/>) <c>Image</c> is the input, and <c>Target</c>, behind it, the target.
/// </summary>
/// <remarks>
/// Categorical attributes are keys with names, binary ones Booleans, numeric ones Singles. A key is 0, which ML.NET takes for missing,
/// where an image has no value; a Boolean that is missing is an error at its row. Images are read when a cursor comes to them, by as many
/// cursors as ask. Those that cannot be used are left out, whatever columns are asked for (<see cref="SkippedImages"/>).
/// Cursors that are open when the view is disposed must not be used any more.
/// </remarks>
public sealed class ImageSourceView : IDataView, IDisposable
{
    // Images that a cursor of a set has in a row.
    internal const int BatchSize = 64;

    private readonly bool _ownsSource;
    private readonly ContextSettings? _context;

    // Of each image: 0 where it was not read yet, 1 where it can be used, 2 where not.
    private readonly byte[] _seen;

    private bool _disposed;

    internal ImageSourceView(IImageSource source, bool ownsSource, ContextSettings? context = null)
    {
        Source = source;
        _ownsSource = ownsSource;
        _context = context;
        _seen = new byte[source.Count];
        Form = new VectorForm(source.Shape.Channels, source.Shape.Height, source.Shape.Width);
        Attributes = [.. Enumerable.Range(0, source.Attributes.Count).Where(i => source.Attributes[i].Name != LabelField.Class)];
        var builder = new DataViewSchema.Builder();
        var (channels, condition) = (source.Shape.Channels, source.ConditionChannels);
        builder.AddColumn("Image", Of(condition > 0 ? condition : channels));
        if (condition > 0) builder.AddColumn("Target", Of(channels - condition));
        if (source.Classes.Count > 0)
            builder.AddColumn("Label", new KeyDataViewType(typeof(uint), source.Classes.Count), NameAnnotations.OfKeys(source.Classes));
        builder.AddColumn("File", TextDataViewType.Instance);
        foreach (var place in Attributes) Add(builder, source.Attributes[place]);
        Schema = builder.ToSchema();

        VectorDataViewType Of(int channels) => new VectorForm(channels, source.Shape.Height, source.Shape.Width).Type;
    }

    /// <summary>The columns.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>True: rows can be read in any order.</summary>
    public bool CanShuffle => true;

    /// <summary>The images that were left out so far because they cannot be used, and why, ordered by file.</summary>
    public IReadOnlyList<SkippedImage> SkippedImages => Source.SkippedImages;

    internal IImageSource Source { get; }

    /// <summary>Of an image, or of both of a pair.</summary>
    internal VectorForm Form { get; }

    /// <summary>The places of the attributes that have a column of their own, in the order of those.</summary>
    internal int[] Attributes { get; }

    /// <summary>How many images can be used; null until all were read once.</summary>
    public long? GetRowCount() => Array.IndexOf(_seen, (byte)0) >= 0 ? null : _seen.Count(seen => seen == 1);

    /// <summary>A cursor over all images, in their order, or in another if <paramref name="rand"/> is given.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        Cursor(Rows.Active(Schema, columnsNeeded), Order(rand), part: 0, parts: 1);

    /// <summary>Cursors that share the images, so many in a row to each by turns.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = Rows.Active(Schema, columnsNeeded);
        var order = Order(rand);
        var parts = Math.Clamp(Source.Count / BatchSize, 1, Math.Max(1, n));
        return [.. Enumerable.Range(0, parts).Select(part => Cursor(active, order, part, parts))];
    }

    /// <summary>Closes the data set, if the view opened it.</summary>
    public void Dispose()
    {
        _disposed = true;
        if (_ownsSource) Source.Dispose();
    }

    /// <summary>Reads an image where that was not done yet or is asked for.</summary>
    /// <returns>Whether it can be used.</returns>
    internal bool TryRead(int index, bool always, Span<byte> pixels)
    {
        if (_seen[index] == 2) return false;
        if (_seen[index] == 1 && !always) return true;
        var usable = Source.TryRead(index, pixels);
        _seen[index] = usable ? (byte)1 : (byte)2;
        if (!usable) _context?.Warn($"Image {index} of {Source.Name} cannot be used and is left out; {nameof(SkippedImages)} says why.");
        return usable;
    }

    private static void Add(DataViewSchema.Builder builder, LabelField field)
    {
        if (field.Kind == LabelKind.Categorical)
            builder.AddColumn(field.Name, new KeyDataViewType(typeof(uint), field.Values.Count), NameAnnotations.OfKeys(field.Values));
        else
            builder.AddColumn(field.Name, field.Kind == LabelKind.Binary ? BooleanDataViewType.Instance : NumberDataViewType.Single);
    }

    private int[]? Order(Random? rand)
    {
        if (rand is null) return null;
        int[] order = [.. Enumerable.Range(0, Source.Count)];
        rand.Shuffle(order);
        return order;
    }

    private ImageSourceCursor Cursor(bool[] active, int[]? order, int part, int parts)
    {
        if (_disposed)
        {
            throw new ObjectDisposedException(null,
                $"The view of the images of {Source.Name} was disposed; dispose it after its last use.");
        }
        return new ImageSourceCursor(this, active, order, part, parts);
    }
}
