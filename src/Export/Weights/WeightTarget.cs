using static TorchSharp.torch;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>A parameter or buffer of the module that weights are loaded into.</summary>
/// <param name="Name">Its name in the module, as <c>state_dict</c> has it.</param>
/// <param name="Path">The path of the layer that has it.</param>
/// <param name="Layer">That layer.</param>
/// <param name="Value">Its tensor.</param>
internal sealed record WeightTarget(string Name, string Path, Module Layer, Tensor Value)
{
    /// <summary>Its name in its layer: <c>weight</c>.</summary>
    public string Own { get; } = Path.Length == 0 ? Name : Name[(Path.Length + 1)..];

    /// <summary>
    /// Its name without the underscores that C#'s private fields begin with: <c>_main.0.weight</c> is <c>main.0.weight</c> in Python. The
    /// name itself where another of the module would have the same.
    /// </summary>
    public string Plain { get; private init; } = Name;

    /// <summary>The path in <see cref="Plain"/>.</summary>
    public string PlainPath => Plain == Name ? Path : WithoutUnderscores(Path);

    public long[] Shape { get; } = Value.shape;

    public ScalarType Type { get; } = Value.dtype;

    public string Form => WeightTensor.FormOf(Type.ToString(), Shape);

    /// <summary>All of a module, in its order.</summary>
    public static IReadOnlyList<WeightTarget> Of(Module module)
    {
        var layers = new Dictionary<string, Module>(StringComparer.Ordinal) { [""] = module };
        foreach (var (name, layer) in module.named_modules()) layers.TryAdd(name, layer);
        var targets = module.state_dict().Select(entry =>
        {
            var path = entry.Key;
            do path = path.LastIndexOf('.') is var dot and >= 0 ? path[..dot] : "";
            while (!layers.ContainsKey(path));
            return new WeightTarget(entry.Key, path, layers[path], entry.Value);
        }).ToArray();
        var plain = targets.GroupBy(target => WithoutUnderscores(target.Name)).Where(group => group.Count() == 1)
            .Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return [.. targets.Select(target =>
            WithoutUnderscores(target.Name) is var name && plain.Contains(name) ? target with { Plain = name } : target)];
    }

    private static string WithoutUnderscores(string name) => string.Join('.', name.Split('.').Select(part => part.TrimStart('_')));
}
