namespace GanPipeline.ML;

/// <summary>A table's NumPy files, whose values all begin at <see cref="NpyHeader.UsualLength"/>.</summary>
internal static class NpyFile
{
    public static byte[] Header(string type, long rows, int? columns) =>
        columns is { } c ? NpyHeader.Of(type, rows, c) : NpyHeader.Of(type, rows);

    /// <summary>The rows that a file claims; null where it is none of this type and number of columns, or its length is another.</summary>
    public static long? Rows(string path, string type, int? columns)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return null;
        try
        {
            using var stream = file.OpenRead();
            var header = NpyHeader.Read(stream);
            long[] shape = columns is { } c ? [header.Shape[0], c] : [header.Shape[0]];
            var isAsWritten = header.Type == type && !header.IsFortranOrder && header.Length == NpyHeader.UsualLength
                && header.Shape.SequenceEqual(shape);
            return isAsWritten && file.Length == header.Length + header.Count * sizeof(float) ? shape[0] : null;
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
