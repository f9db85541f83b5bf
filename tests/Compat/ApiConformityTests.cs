using System.Reflection;
using GanPipeline.Compat.Tests.Api;

namespace GanPipeline.Compat.Tests;

/// <summary>
/// What the compat assemblies offer exists in the packages that they stand in for, signature and nullability included.
/// </summary>
public class ApiConformityTests
{
    [SharedFact("api/TorchSharp.txt")]
    public void TorchSharp() => Conforms("TorchSharp", typeof(global::TorchSharp.torch).Assembly);

    [SharedFact("api/OnnxSharp.txt")]
    public void OnnxSharp() => Conforms("OnnxSharp", typeof(Onnx.ModelProto).Assembly);

    [SharedFact("api/SixLabors.ImageSharp-3.1.12.txt")]
    public void ImageSharp() => Conforms("SixLabors.ImageSharp-3.1.12", typeof(SixLabors.ImageSharp.Image).Assembly);

    [SharedFact("api/Microsoft.ML.Data.txt")]
    public void MicrosoftML() => Conforms(MicrosoftMLLists, typeof(Microsoft.ML.MLContext).Assembly);

    [SharedFact("api/Microsoft.ML.OnnxTransformer.txt")]
    public void MicrosoftMLOnnxTransformer() => Conforms("Microsoft.ML.OnnxTransformer", typeof(Microsoft.ML.OnnxCatalog).Assembly);

    // The package consists of several assemblies; compat has one.
    private static readonly string[] MicrosoftMLLists =
        ["Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.DataView", "Microsoft.ML.StandardTrainers", "Microsoft.ML.Transforms"];

    private static void Conforms(string name, Assembly assembly) => Conforms([name], assembly);

    private static void Conforms(string[] names, Assembly assembly)
    {
        var list = ApiList.Read(names);
        var wrong = new List<string>();
        foreach (var type in assembly.GetTypes().Where(ApiMember.IsVisible))
        {
            var described = ApiType.Of(type);
            var real = list.Type(ApiNames.Of(type));
            if (real is null) wrong.Add($"{described.Head}: no such type");
            else if (!described.Fits(real, list)) wrong.Add($"{described.Head} : {string.Join(", ", described.Bases)}{described.Tail}\n    listed: {real}");
            wrong.AddRange(ApiMember.Of(type).Where(member => !list.Holds(member)).Select(member => member.Line));
        }
        wrong.RemoveAll(KnownDifferences.Contains);
        Assert.True(wrong.Count == 0, $"{wrong.Count} public types or members are not in api/ as {string.Join(", ", names)}.txt:\n" + string.Join('\n', wrong));
    }

    // Debian's onnx.proto is older than the package's.
    private static readonly string[] KnownDifferences = ["F Onnx.Version.IrVersion = 8"];

    /// <summary>
    /// What the project's own types implement and derive from has every base and every abstract member of the real type:
    /// otherwise the sources compile here and not with the package.
    /// </summary>
    [SharedFact("api/TorchSharp.txt")]
    public void InterfacesAndAbstractTypesThatSourcesBuildOn_AreComplete()
    {
        var lists = Compat.ToDictionary(entry => entry.Assembly, entry => ApiList.Read(entry.Lists));
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in Sources().SelectMany(Above).Distinct())
        {
            if (!lists.TryGetValue(type.Assembly, out var list) || list.Type(ApiNames.Of(type)) is not { } line) continue;
            var own = ApiType.Of(type).Bases;
            foreach (var missing in ApiType.BasesOf(line).Except(own)) wrong.Add($"{ApiNames.Of(type)} lacks its base {missing}");
            var members = ApiMember.Of(type).Select(member => member.Line).ToHashSet();
            foreach (var missing in list.AbstractMembersOf(ApiNames.Of(type), type.IsInterface).Where(member => !members.Contains(member)))
                wrong.Add($"{ApiNames.Of(type)} lacks {missing}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static readonly (Assembly Assembly, string[] Lists)[] Compat =
    [
        (typeof(global::TorchSharp.torch).Assembly, ["TorchSharp"]),
        (typeof(Onnx.ModelProto).Assembly, ["OnnxSharp"]),
        (typeof(SixLabors.ImageSharp.Image).Assembly, ["SixLabors.ImageSharp-3.1.12"]),
        (typeof(Microsoft.ML.MLContext).Assembly, MicrosoftMLLists),
        (typeof(Microsoft.ML.OnnxCatalog).Assembly, ["Microsoft.ML.OnnxTransformer"]),
    ];

    private static IEnumerable<Type> Sources()
    {
        var assemblies = Directory.GetFiles(AppContext.BaseDirectory, "GanPipeline.*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => !name.Contains("Test")).ToList();
        Assert.NotEmpty(assemblies);
        return assemblies.SelectMany(name => Assembly.Load(name).GetTypes());
    }

    /// <summary>The interfaces and base classes of a type, as definitions.</summary>
    private static IEnumerable<Type> Above(Type type)
    {
        IEnumerable<Type> above = type.GetInterfaces();
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType) above = above.Append(parent);
        return above.Select(t => t.IsGenericType ? t.GetGenericTypeDefinition() : t);
    }
}
