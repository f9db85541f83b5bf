using System.Reflection;
using System.Runtime.Loader;
using GanPipeline.Pipelines;
using TorchSharp;

namespace GanPipeline.Cli;

/// <summary>
/// A user's assembly with TorchSharp modules. What this program has too, TorchSharp above all, is the program's, so that its modules are
/// modules here; the rest comes from beside the assembly.
/// </summary>
internal sealed class ModuleAssembly : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;
    private readonly Assembly _assembly;
    private readonly string _path;

    private ModuleAssembly(string path) : base(path)
    {
        _path = path;
        _resolver = new AssemblyDependencyResolver(path);
        _assembly = LoadFromAssemblyPath(path);
    }

    /// <summary>Opens an assembly.</summary>
    public static ModuleAssembly Open(string path)
    {
        if (!File.Exists(path))
            throw new RequestException($"There is no file {path}. dotnet build makes it: bin/Release/net10.0/NAME.dll.");
        try
        {
            return new ModuleAssembly(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or IOException or UnauthorizedAccessException
            or InvalidOperationException)
        {
            throw new RequestException($"{path} is no .NET assembly that can be loaded: {e.Message}", e);
        }
    }

    /// <summary>The module of a name, with namespace or without.</summary>
    public Type Find(string name)
    {
        var modules = Modules();
        var found = modules.Where(type => type.FullName == name || type.Name == name).ToArray();
        if (found.Length == 1) return found[0];
        if (found.Length > 1)
            throw new RequestException(
                $"{_path} has several modules called {name}: {TextFormat.List(found.Select(type => type.FullName!))}.");
        throw new RequestException(modules.Length == 0
            ? $"{_path} has no module of TorchSharp that can be made."
            : $"{_path} has no module {name}. It has {TextFormat.List(modules.Select(type => type.FullName!))}.");
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        try
        {
            return Default.LoadFromAssemblyName(assemblyName);
        }
        catch (FileNotFoundException)
        {
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
        }
    }

    private Type[] Modules()
    {
        try
        {
            return [.. _assembly.GetTypes().Where(type =>
                !type.IsAbstract && !type.ContainsGenericParameters && type.IsSubclassOf(typeof(torch.nn.Module)))];
        }
        catch (ReflectionTypeLoadException e)
        {
            var torch = typeof(torch).Assembly.GetName();
            throw new RequestException($"{_path} needs what is not there: {e.LoaderExceptions[0]?.Message} gan has " +
                $"{torch.Name} {torch.Version}; other assemblies are taken from beside it.", e);
        }
    }
}
