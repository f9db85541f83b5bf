using System.Globalization;
using System.Text;
using GanPipeline.Inference;
using static TorchSharp.torch;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>
/// Loads the weights of ONNX files (this project's and PyTorch's), safetensors files and PyTorch's state dicts (<c>.pt</c>, <c>.pth</c>)
/// into TorchSharp modules, by name and shape.
/// </summary>
/// <remarks>
/// Weights under PyTorch's spectral or weight normalization become those that it computes of them in evaluation. Of ONNX files, transposed
/// weights, recurrent layers and attention are turned back into PyTorch's form. Batch normalization that an exporter made a part of other
/// layers cannot be: such a file is refused, and <see cref="ExportOptions.FoldBatchNormalization"/> = false writes one that loads.
/// A file may come from anywhere: nothing in it is run, and what it says of its sizes is compared with the file before memory is taken.
/// </remarks>
public static class ModuleWeights
{
    private const int NamesInMessages = 50;

    // DataParallel and torch.compile wrap a module in another one.
    private static readonly string[] _wrappers = ["module.", "_orig_mod."];

    /// <summary>
    /// Loads a file's weights into a module's parameters and buffers. The format is told by the content. Names are those of
    /// <c>state_dict</c>; underscores that begin the module's fields need not be in the file's names (<c>_main.0.weight</c>).
    /// </summary>
    /// <param name="module">The network, on any device, with parameters of any shape. Float16, bfloat16, float32 and float64 become the
    /// parameter's type.</param>
    /// <param name="path">The file. Of an ONNX file, files of weights beside it are read, too, and none outside its folder.</param>
    /// <param name="options">How names are matched, and whether all must be.</param>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="ModelException">The file is missing, damaged or of another format; or, where
    /// <see cref="WeightOptions.Strict"/> is on, it lacks a name of the module or has another shape for it: the message lists all. The
    /// module is as it was then.</exception>
    public static WeightReport Load(Module module, string path, WeightOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new();
        using var finalizers = new FinalizerPause();
        finalizers.Hold();
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var file = WeightFile.Open(path, options);
        var targets = WeightTarget.Of(module);
        var (pairs, missing, others, unused) = Match(file, targets, options);
        var report = new WeightReport(path, file.Format, [.. pairs.Select(pair => new WeightMatch(pair.Tensor.Name, pair.Target.Name,
            pair.Target.Shape))], [.. missing.Select(target => target.Name)], others, unused, [.. file.Notes(missing)]);
        if (options.Strict && missing.Count + others.Count > 0) throw Misfit(report, targets.Count);

        // All is read before the first is changed: a file may turn out to be damaged in its last tensor.
        Tensor[] values;
        try
        {
            values = [.. pairs.Select(pair => Read(pair.Tensor, pair.Target.Type))];
        }
        catch (Exception e) when (WeightFile.Explained(path, e) is { } explained)
        {
            throw explained;
        }
        for (var i = 0; i < values.Length; i++) pairs[i].Target.Value.copy_(values[i]);
        return report;
    }

    private static Tensor Read(WeightTensor tensor, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return tensor.Read().to_type(type).MoveToOuterDisposeScope();
    }

    private static (List<(WeightTensor Tensor, WeightTarget Target)> Pairs, List<WeightTarget> Missing, List<WeightMismatch> Others,
        List<string> Unused) Match(WeightFile file, IReadOnlyList<WeightTarget> targets, WeightOptions options)
    {
        var named = Named(file.Tensors, targets, options);
        file.Expect(targets);
        var pairs = new List<(WeightTensor Tensor, WeightTarget Target)>();
        var missing = new List<WeightTarget>();
        var others = new List<WeightMismatch>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var target in targets)
        {
            var found = named.GetValueOrDefault(target.Name) ?? named.GetValueOrDefault(target.Plain) ??
                NormalizedWeights.Find(named, target.Name, target) ?? NormalizedWeights.Find(named, target.Plain, target) ??
                file.Find(target);
            if (found is null)
            {
                if (target.Own != "num_batches_tracked") missing.Add(target);
                continue;
            }
            used.UnionWith(found.Parts);
            var tensor = file.Adapt(found, target);
            if (tensor.Shape.AsSpan().SequenceEqual(target.Shape) && tensor.Fits(target.Type)) pairs.Add((tensor, target));
            else others.Add(new(tensor.Name, tensor.Form, target.Name, target.Form));
        }
        // Modules that share a tensor have it under two names, and a file may have one of them.
        missing.RemoveAll(target => pairs.Any(pair => pair.Target.Value.Handle == target.Value.Handle));
        return (pairs, missing, others, [.. file.Tensors.Select(tensor => tensor.Name).Where(name => !used.Contains(name))]);
    }

    private static Dictionary<string, WeightTensor> Named(
        IReadOnlyList<WeightTensor> tensors, IReadOnlyList<WeightTarget> targets, WeightOptions options)
    {
        var names = tensors.Select(tensor => (tensor.Name, Tensor: tensor)).ToArray();
        names = WithoutWrappers(names, targets);
        if (options.Prefix.Length > 0)
        {
            names = [.. names.Where(entry => entry.Name.StartsWith(options.Prefix, StringComparison.Ordinal))
                .Select(entry => (entry.Name[options.Prefix.Length..], entry.Tensor))];
            names = WithoutWrappers(names, targets);
        }
        var named = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in names)
        {
            if ((options.Rename is null ? name : options.Rename(name)) is not { } renamed) continue;
            if (!named.TryAdd(renamed, tensor) && options.Rename is not null)
                throw new ModelException($"'{named[renamed].Name}' and '{tensor.Name}' of the file are both renamed '{renamed}'.");
        }
        return named;
    }

    private static (string Name, WeightTensor Tensor)[] WithoutWrappers(
        (string Name, WeightTensor Tensor)[] names, IReadOnlyList<WeightTarget> targets)
    {
        while (names.Length > 0 && _wrappers.FirstOrDefault(wrapper =>
            names.All(entry => entry.Name.StartsWith(wrapper, StringComparison.Ordinal)) &&
            !targets.Any(target => target.Name.StartsWith(wrapper, StringComparison.Ordinal))) is { } found)
            names = [.. names.Select(entry => (entry.Name[found.Length..], entry.Tensor))];
        return names;
    }

    private static ModelException Misfit(WeightReport report, int count)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"The weights of '{report.Path}' ({report.Format}) do not fit the network, which is as it was: of its {count} names ") +
            string.Create(CultureInfo.InvariantCulture,
                $"{report.Missing.Count} are missing and {report.Mismatched.Count} have another shape. ") +
            "WeightOptions.Rename and Prefix change names; Strict = false loads what fits.");
        report.Problems(text, NamesInMessages);
        return new ModelException(text.ToString());
    }
}
