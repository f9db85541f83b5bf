using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using TorchSharp;

namespace GanPipeline.Export;

/// <summary>A place in a method's IL from which a call is made; and in the source, where the program has debug information.</summary>
internal sealed class CallSite(MethodBase method, int offset)
{
    private static readonly ConcurrentDictionary<Assembly, bool> _programs = [];
    private readonly Lazy<(string File, int Line)?> _line = new(() => LineOf(method, offset));

    public MethodBase Method { get; } = method;

    /// <summary>Whether the place is in the program, and not in TorchSharp.</summary>
    public bool IsOfProgram => IsProgram(Method);

    /// <summary>Whether a method or a field is of the program, and may use TorchSharp: its assembly refers to it.</summary>
    public static bool IsProgram(MemberInfo member) => _programs.GetOrAdd(member.Module.Assembly, assembly =>
        assembly != typeof(torch).Assembly &&
        (assembly.IsDynamic || assembly.GetReferencedAssemblies().Any(name => name.Name == typeof(torch).Assembly.GetName().Name)));

    /// <summary>File and line, Networks.cs:12; null where they are not known, and in this library's own code.</summary>
    public string? Source => Method.Module.Assembly != typeof(CallSite).Assembly && _line.Value is var (file, line)
        ? $"{file}:{line}"
        : null;

    /// <summary>The method, and file and line where they are known: Residual.forward (Networks.cs:12).</summary>
    public override string ToString() => _line.Value is var (file, line) ? $"{Name()} ({file}:{line})" : Name();

    private string Name()
    {
        // A lambda's method is in a class of the compiler's, <>c, and called <forward>b__0.
        var type = Method.DeclaringType;
        while (type is { Name: ['<', ..], DeclaringType: { } outer }) type = outer;
        var method = Method.Name is ['<', ..] && Method.Name.IndexOf('>') is > 1 and var end ? Method.Name[1..end] : Method.Name;
        return $"{type?.Name.Split('`')[0]}.{method.TrimStart('.')}";
    }

    private static (string File, int Line)? LineOf(MethodBase method, int offset)
    {
        try
        {
            var location = method.Module.Assembly.Location;
            if (location.Length == 0) return null;
            using var image = new PEReader(File.OpenRead(location));
            if (!image.TryOpenAssociatedPortablePdb(
                location, path => File.Exists(path) ? File.OpenRead(path) : null, out var provider, out _)) return null;
            using (provider)
            {
                var reader = provider!.GetMetadataReader();
                var handle = ((MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken)).ToDebugInformationHandle();
                var points = reader.GetMethodDebugInformation(handle).GetSequencePoints()
                    .Where(point => !point.IsHidden && point.Offset <= offset).ToArray();
                if (points.Length == 0) return null;
                return (Path.GetFileName(reader.GetString(reader.GetDocument(points[^1].Document).Name)), points[^1].StartLine);
            }
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
