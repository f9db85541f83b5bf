using System.IO.Compression;
using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>The ONNX models in a saved ML.NET model, by where they stand in it.</summary>
/// <remarks>
/// The file is a zip. A chain writes each member into a folder whose name ends in the member's number, and an <c>OnnxTransformer</c>
/// writes its model into the entry <c>OnnxModel</c> of its folder, the length before the bytes. So the numbers on the way to such an entry
/// say which member, of which chain, it belongs to.
/// </remarks>
internal sealed class SavedPipeline
{
    private const string ModelEntry = "OnnxModel";

    private readonly string _file;
    private readonly Dictionary<string, byte[]> _models = [];

    private SavedPipeline(string file) => _file = file;

    /// <summary>Reads a file, and refuses models that would crash ONNX Runtime, which ML.NET opens as it loads them.</summary>
    /// <exception cref="ModelException">Such a model.</exception>
    /// <param name="stream">The zip; it stays open.</param>
    /// <param name="file">What errors call it.</param>
    public static SavedPipeline Read(Stream stream, string file)
    {
        var saved = new SavedPipeline(file);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            var path = entry.FullName.Split('/', '\\');
            if (path[^1] != ModelEntry) continue;
            var content = Content(entry, file);
            ModelCheck.Require(content, $"{file}, {entry.FullName}");
            saved._models[string.Join('/', path.SkipLast(1).Select(Number).Where(number => number >= 0))] = content;
        }
        return saved;
    }

    /// <summary>The transformer with its transforms of ours in their batched form.</summary>
    /// <param name="loaded">As ML.NET loaded it; the members that are replaced are disposed.</param>
    /// <param name="options">Device and threads.</param>
    public ITransformer Batched(ITransformer loaded, ModelOptions options) => Batched(loaded, "", options);

    private ITransformer Batched(ITransformer loaded, string place, ModelOptions options)
    {
        if (loaded is TransformerChain<ITransformer> chain)
        {
            ITransformer[] members = [.. chain];
            return new TransformerChain<ITransformer>(
                [.. members.Select((member, i) => Batched(member, place.Length == 0 ? $"{i}" : $"{place}/{i}", options))],
                Scopes(chain, members));
        }
        if (!_models.TryGetValue(place, out var model)
            || StockTransform.Restore($"{_file}, {ModelEntry} {place}".Trim(), model, options) is not { } transform)
        {
            return loaded;
        }
        (loaded as IDisposable)?.Dispose();
        return transform.Kind.Name switch
        {
            TransformKind.Features => new DiscriminatorFeaturizingTransformer(transform),
            TransformKind.Translations => new ImageTranslatingTransformer(transform),
            _ => new ImageGeneratingTransformer(transform),
        };
    }

    /// <summary>What each member is there for: the chain tells by which members it leaves out.</summary>
    private static TransformerScope[] Scopes(TransformerChain<ITransformer> chain, ITransformer[] members)
    {
        var scopes = new TransformerScope[members.Length];
        TransformerScope[] all = [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring];
        foreach (var scope in all)
        {
            ITransformer[] kept = [.. chain.GetModelFor(scope)];
            for (var i = 0; i < members.Length; i++)
                if (kept.Contains(members[i])) scopes[i] |= scope;
        }
        return scopes;
    }

    /// <summary>The number that a folder's name ends in; -1 where it ends otherwise.</summary>
    private static int Number(string folder)
    {
        var digits = folder.Length - folder.AsSpan().TrimEnd("0123456789").Length;
        return int.TryParse(folder.AsSpan(folder.Length - digits), out var number) ? number : -1;
    }

    private static byte[] Content(ZipArchiveEntry entry, string file)
    {
        using var reader = new BinaryReader(entry.Open());
        var length = entry.Length < sizeof(int) ? -1 : reader.ReadInt32();
        return length >= 0 && length <= entry.Length - sizeof(int) ? reader.ReadBytes(length)
            : throw new ModelException($"'{file}' is damaged: {entry.FullName} has {entry.Length:N0} bytes and would hold a model of " +
                $"{length:N0}.");
    }
}
