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

    private static void Conforms(string name, Assembly assembly)
    {
        var list = ApiList.Read(name);
        var wrong = new List<string>();
        foreach (var type in assembly.GetTypes().Where(ApiMember.IsVisible))
        {
            var described = ApiType.Of(type);
            var real = list.Type(ApiNames.Of(type));
            if (real is null) wrong.Add($"{described.Head}: no such type");
            else if (!described.Fits(real, list)) wrong.Add($"{described.Head} : {string.Join(", ", described.Bases)}{described.Tail}\n    listed: {real}");
            wrong.AddRange(ApiMember.Of(type).Where(member => !list.Holds(member)).Select(member => member.Line));
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} public types or members are not in api/{name}.txt:\n" + string.Join('\n', wrong));
    }
}
