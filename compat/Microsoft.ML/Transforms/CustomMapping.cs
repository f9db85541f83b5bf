using System.Reflection;
using Microsoft.ML.Data;

[assembly: ModelLoader<Microsoft.ML.Transforms.CustomMapping>("CustomMapping")]

namespace Microsoft.ML.Transforms;

/// <summary>Custom mappings in model files: the contract's name, and the assembly in which its factory is looked for first.</summary>
internal sealed class CustomMapping : ILoadable
{
    internal static void Save(ModelSaveContext ctx, string contractName, Assembly assembly)
    {
        if (string.IsNullOrEmpty(contractName))
            throw new InvalidOperationException("A custom mapping without a contract name cannot be saved: "
                + "its function is known to this program only. Give CustomMapping a contract name, and mark a CustomMappingFactory so");
        ctx.SetLoader<CustomMapping>();
        ctx.Write("contract", writer =>
        {
            writer.Write(contractName);
            writer.Write(assembly.FullName);
        });
    }

    public static ICanSaveModel Load(ModelLoadContext context)
    {
        var (name, assembly) = context.Read("contract", reader => (reader.ReadString(), reader.ReadString()));
        var catalog = context.Environment.ComponentCatalog;
        try
        {
            catalog.RegisterAssembly(Assembly.Load(assembly), throwOnError: false);
        }
        catch (FileNotFoundException)
        {
            // The factory may be in an assembly that the program has registered.
        }
        return catalog.Create(name) is ICustomMappingFactory factory ? factory.Create(name)
            : throw new InvalidOperationException($"The class of the contract name '{name}' is no CustomMappingFactory");
    }
}

/// <summary>A factory whose type arguments are not known.</summary>
internal interface ICustomMappingFactory
{
    ITransformer Create(string contractName);
}
