using System.Globalization;
using Google.Protobuf;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>Tensors that a model keeps in files beside it.</summary>
/// <remarks>
/// They are taken in when the model is opened, so that it is whole in memory: what is made of it later, such as a saved ML.NET model, does
/// not depend on other files. A model names such files itself, so only files in its own folder are read.
/// </remarks>
internal static class ExternalData
{
    /// <summary>ONNX's own limit on a file without external data.</summary>
    private const long Most = int.MaxValue - (1 << 20);

    /// <summary>Reads the tensors into the model.</summary>
    /// <param name="model">Changed in place.</param>
    /// <param name="path">The model's file; null where it is in memory.</param>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="GraphProblemException">A file is missing, too short, or outside the folder; or all would be too large.</exception>
    public static bool TakeIn(ModelProto model, string? path)
    {
        TensorProto[] external = [.. Tensors(model).Where(t => t.DataLocation == TensorProto.Types.DataLocation.External)];
        if (external.Length == 0) return false;
        var total = external.Sum(tensor => (double)LengthOf(tensor));
        if (total > Most)
        {
            throw new GraphProblemException(FormattableString.Invariant(
                $"its data outside the file are {total / 1e9:F1} GB; a model of at most 2 GB in all can be used."));
        }
        foreach (var tensor in external)
        {
            tensor.RawData = Read(tensor, path);
            tensor.ExternalData.Clear();
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        }
        return true;
    }

    private static ByteString Read(TensorProto tensor, string? path)
    {
        var location = Entry(tensor, "location") ?? "";
        if (path is null)
        {
            throw new GraphProblemException($"its weights '{tensor.Name}' are in another file, '{location}', which a model in memory " +
                "does not have; open it by its path.");
        }
        var (offset, length) = (Number(tensor, "offset"), LengthOf(tensor));
        var file = Contained(path, location, tensor);
        try
        {
            using var stream = File.OpenRead(file);
            if (offset > stream.Length - length)
            {
                throw new GraphProblemException($"its weights '{tensor.Name}' are the bytes {offset:N0} to {offset + length:N0} of " +
                    $"'{location}', which has {stream.Length:N0}.");
            }
            stream.Position = offset;
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            return UnsafeByteOperations.UnsafeWrap(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GraphProblemException($"the file '{location}' with its weights '{tensor.Name}' cannot be read: {e.Message}");
        }
    }

    /// <summary>The path of a file in the model's folder or below it.</summary>
    /// <remarks>
    /// Links are followed: they lead to a place in the folder, or beside the file that the model's own path leads to, as in a store that
    /// keeps files by their hashes.
    /// </remarks>
    private static string Contained(string model, string location, TensorProto tensor)
    {
        if (location.Contains('\0', StringComparison.Ordinal))
            throw new GraphProblemException($"its weights '{tensor.Name}' are in a file of a name that no file can have.");
        var folder = Folder(Path.GetFullPath(model));
        var path = Path.GetFullPath(Path.Combine(folder, location.Replace('\\', '/')));
        var isInside = location.Length > 0 && !Path.IsPathRooted(location) && IsBelow(path, folder);
        if (isInside && !File.Exists(path))
            throw new GraphProblemException($"there is no file '{location}' beside it, which has its weights '{tensor.Name}'.");
        string[] allowed = isInside ? [Target(folder), Folder(Target(Path.GetFullPath(model)))] : [];
        return allowed.Any(place => IsBelow(Target(path), place)) ? path
            : throw new GraphProblemException($"its weights '{tensor.Name}' are in '{location}', which is not in the model's folder.");
    }

    private static string Folder(string path) => Path.GetDirectoryName(path)!;

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path without links, whichever of its parts they are.</summary>
    private static string Target(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null) return path;
        var here = Path.Combine(Target(parent), Path.GetFileName(path));
        FileSystemInfo info = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
        try { return info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here; }
        catch (IOException e) { throw new GraphProblemException($"'{path}' leads nowhere: {e.Message}"); }
    }

    /// <summary>What the tensor's shape needs; where that is unknown, what the entry says.</summary>
    private static long LengthOf(TensorProto tensor)
    {
        var needed = TensorValues.Elements(tensor.Dims) * TensorValues.ElementSize(tensor);
        var given = Entry(tensor, "length") is null ? (long?)null : Number(tensor, "length");
        var fits = needed == 0 ? given is >= 0 and <= Most : needed > 0 && needed <= Most && (given is null || given == needed);
        if (!fits)
        {
            throw new GraphProblemException($"its weights '{tensor.Name}', [{string.Join(", ", tensor.Dims)}], need {needed:N0} bytes; " +
                $"the file beside it has {given ?? 0:N0} for them.");
        }
        return given ?? (long)needed;
    }

    private static long Number(TensorProto tensor, string key)
    {
        var text = Entry(tensor, key) ?? "0";
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new GraphProblemException($"its weights '{tensor.Name}' have the {key} '{text}' in another file.");
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.LastOrDefault(entry => entry.Key == key)?.Value;

    private static IEnumerable<TensorProto> Tensors(ModelProto model) =>
        Tensors(model.Graph).Concat(model.Functions.SelectMany(function => Tensors(function.Node)));

    private static IEnumerable<TensorProto> Tensors(GraphProto? graph) => graph is null ? [] :
        graph.Initializer
            .Concat(graph.SparseInitializer.SelectMany(sparse => new[] { sparse.Values, sparse.Indices }).OfType<TensorProto>())
            .Concat(Tensors(graph.Node));

    private static IEnumerable<TensorProto> Tensors(IEnumerable<NodeProto> nodes) => nodes.SelectMany(node => node.Attribute)
        .SelectMany(a => GraphCheck.TensorsOf(a).Concat(GraphCheck.GraphsOf(a).SelectMany(Tensors)));
}
