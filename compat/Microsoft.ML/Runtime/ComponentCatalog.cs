using System.Collections.Concurrent;
using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The classes that a model file may name by contract: the factories of custom mappings.</summary>
public sealed class ComponentCatalog
{
    private readonly ConcurrentDictionary<Assembly, bool> assemblies = [];
    private readonly ConcurrentDictionary<string, Type> extensions = [];

    internal ComponentCatalog() { }

    /// <summary>Makes the factories of an assembly known, so that models that use them can be loaded.</summary>
    /// <exception cref="InvalidOperationException">
    /// Two classes bear the same contract name, and <paramref name="throwOnError"/> is set.
    /// </exception>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        if (!assemblies.TryAdd(assembly, true)) return;
        foreach (var type in assembly.GetTypes())
        {
            if (type.GetCustomAttribute<ExtensionBaseAttribute>() is not { } attribute) continue;
            if (extensions.GetOrAdd(attribute.ContractName, type) != type && throwOnError)
                throw new InvalidOperationException(
                    $"{type} and {extensions[attribute.ContractName]} share the contract name '{attribute.ContractName}'");
        }
    }

    /// <summary>An instance of the class of that contract name.</summary>
    internal object Create(string contractName) => extensions.TryGetValue(contractName, out var type)
        ? Activator.CreateInstance(type)
        : throw new InvalidOperationException($"There is no class for the contract name '{contractName}'. "
            + "Pass the assembly that holds it to MLContext.ComponentCatalog.RegisterAssembly before loading the model");
}
