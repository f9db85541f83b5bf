using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>A file that PyTorch's <c>torch.save</c> wrote: a pickle, and the numbers of its tensors apart from it.</summary>
internal abstract class TorchFile(FileStream stream) : WeightFile(stream)
{
    /// <summary>No state dict's pickle is as large: one takes 150 bytes a tensor.</summary>
    protected const int LargestPickle = 1 << 26;

    private static readonly string[] _usual = ["state_dict", "model_state_dict", "model"];

    private IReadOnlyList<WeightTensor> _tensors = [];

    public override string Format => "PyTorch";

    public override IReadOnlyList<WeightTensor> Tensors => _tensors;

    /// <summary>Reads a part of a storage as a tensor of one axis.</summary>
    /// <exception cref="InvalidDataException">The storage is not in the file, or not whole.</exception>
    protected abstract Tensor Read(TorchStorage storage, long first, long count);

    /// <summary>Takes the tensors of the dictionary that the options name.</summary>
    protected void Take(object? root, WeightOptions options) => _tensors = [.. Section(root, options.Section)
        .Where(entry => entry.Value is TorchTensor)
        .Select(entry => (entry.Key, Tensor: (TorchTensor)entry.Value!))
        .Select(entry => new WeightTensor(
            entry.Key, entry.Tensor.Storage.Type, "", entry.Tensor.Shape, () => Read(entry.Tensor)))];

    private Tensor Read(TorchTensor tensor) =>
        Read(tensor.Storage, tensor.Offset, (long)TorchObjects.Behind(tensor) - tensor.Offset).as_strided(tensor.Shape, tensor.Strides, 0);

    private static Dictionary<string, object?> Section(object? root, string? wanted)
    {
        if (root is not Dictionary<string, object?> dictionary)
        {
            var what = root switch { TorchTensor => "one tensor", List<object?> or object?[] => "a list", _ => "no dictionary" };
            throw new InvalidDataException($"it holds {what}, where a state dict would be right: torch.save(model.state_dict(), path)");
        }
        var sections = new List<(string Path, Dictionary<string, object?> Content)>();
        Collect(dictionary, "", sections, new HashSet<object>(ReferenceEqualityComparer.Instance), depth: 0);
        var list = string.Join(", ", sections.Where(section => section.Path.Length > 0).Select(section => $"'{section.Path}'").Take(20));
        if (wanted is not null)
        {
            return sections.FirstOrDefault(section => section.Path == wanted).Content ?? throw new InvalidDataException(
                $"it has no weights under '{wanted}'{(list.Length > 0 ? $", but under {list}" : "")}");
        }
        if (sections is [("", var whole), ..]) return whole;
        var likely = sections.Where(section => !IsOptimizer(section.Path)).ToArray();
        if (likely is [var single]) return single.Content;
        foreach (var name in _usual)
            if (likely.FirstOrDefault(section => section.Path == name).Content is { } usual) return usual;
        throw new InvalidDataException(sections.Count == 0
            ? "it has no tensors; a state dict would be right: torch.save(model.state_dict(), path)"
            : $"it has weights under {list}; say which by WeightOptions.Section");
    }

    // A dictionary may be in several places, and in itself.
    private static void Collect(Dictionary<string, object?> dictionary, string path,
        List<(string Path, Dictionary<string, object?> Content)> sections, HashSet<object> seen, int depth)
    {
        const int deepest = 6;
        if (depth > deepest || !seen.Add(dictionary)) return;
        if (dictionary.Values.Any(value => value is TorchTensor)) sections.Add((path, dictionary));
        foreach (var (key, value) in dictionary)
            if (value is Dictionary<string, object?> inner)
                Collect(inner, path.Length == 0 ? key : $"{path}.{key}", sections, seen, depth + 1);
    }

    // An optimizer's dictionary is {"state": {0: {"exp_avg": ...}}}.
    private static bool IsOptimizer(string path) =>
        path.Contains("optim", StringComparison.OrdinalIgnoreCase) ||
        path.Split('.') is [.., "state", var number] && number.All(char.IsAsciiDigit);
}
