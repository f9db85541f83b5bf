using System.Reflection;
using GanPipeline.Compat.Tests.Api;

namespace GanPipeline.Compat.Tests;

/// <summary>compat/ holds what the project uses and nothing else: a name that nobody calls is deleted.</summary>
public class ApiUseTests
{
    [WholeBuildFact]
    public void EveryPublicMember_IsUsed()
    {
        Assembly[] compat =
        [
            typeof(global::TorchSharp.torch).Assembly, typeof(SixLabors.ImageSharp.Image).Assembly, typeof(Microsoft.ML.MLContext).Assembly,
            typeof(Microsoft.ML.OnnxCatalog).Assembly,
        ];
        var use = new MemberUse();
        foreach (var assembly in compat) use.Add(assembly);
        foreach (var path in WholeBuildFactAttribute.Assemblies()) use.Add(Assembly.LoadFrom(path));

        // Overloads stand and fall together: without the others, a call that is ambiguous with the package compiles here.
        var unused = compat.SelectMany(assembly => assembly.GetTypes()).Where(ApiMember.IsVisible)
            .SelectMany(ApiMember.Of).GroupBy(member => (member.Member.DeclaringType, Name(member)))
            .Where(overloads => overloads.All(member => IsChoice(member) && !use.Contains(member)))
            .SelectMany(overloads => overloads.Select(member => member.Line)).Order(StringComparer.Ordinal).ToList();
        Assert.True(unused.Count == 0, $"{unused.Count} public members of compat/ are used by nothing:\n" + string.Join('\n', unused));
    }

    /// <summary>The member's name; operators that the language wants in pairs share one.</summary>
    private static string Name(ApiMember member) => member.Member.Name switch
    {
        "op_Inequality" => "op_Equality",
        "op_GreaterThan" => "op_LessThan",
        "op_GreaterThanOrEqual" => "op_LessThanOrEqual",
        var name => name,
    };

    /// <summary>Whether the member is there for its own sake: not as an override, for an interface, or as a value of an enumeration.</summary>
    private static bool IsChoice(ApiMember member)
    {
        var type = member.Member.DeclaringType!;
        if (type.IsEnum || type.IsInterface || member.IsOverride || member.Method?.IsAbstract == true || member.Modifiers.Contains("const ")) return false;
        MethodInfo[] methods = member.Member is PropertyInfo property ? property.GetAccessors(true) : member.Method is { } method ? [method] : [];
        return !type.GetInterfaces().SelectMany(i => type.GetInterfaceMap(i).TargetMethods).Intersect(methods).Any();
    }
}

/// <summary>A test of the whole build, skipped where a project has not been built since its sources changed.</summary>
internal sealed class WholeBuildFactAttribute : FactAttribute
{
    public WholeBuildFactAttribute()
    {
        if (Projects().FirstOrDefault(project => !IsBuilt(project)) is { } missing)
            Skip = "needs the whole solution built; " + Path.GetFileName(missing) + " is not, or not since its sources changed";
    }

    public static IEnumerable<string> Assemblies() => Projects().Select(AssemblyOf);

    private static IEnumerable<string> Projects() => new[] { "src", "tests", "bench" }
        .Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories));

    // Beside this assembly's folder: bin/PROJECT/release.
    private static string AssemblyOf(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = Path.Combine(own.Parent!.Parent!.FullName, name, own.Name);
        var named = File.ReadLines(project).FirstOrDefault(line => line.Contains("<AssemblyName>"))?.Split('>', '<')[2];
        return Path.Combine(folder, (named ?? name) + ".dll");
    }

    private static bool IsBuilt(string project)
    {
        var assembly = AssemblyOf(project);
        if (!File.Exists(assembly)) return false;
        var built = File.GetLastWriteTimeUtc(assembly);
        return Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories)
            .All(source => File.GetLastWriteTimeUtc(source) <= built);
    }
}
