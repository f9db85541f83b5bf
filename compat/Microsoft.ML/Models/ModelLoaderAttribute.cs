using System.Collections.Concurrent;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>What is read from a model file.</summary>
internal interface ILoadable
{
    /// <summary>Reads a component that wrote itself with <see cref="ModelSaveContext.SetLoader{T}"/> of the same type.</summary>
    static abstract ICanSaveModel Load(ModelLoadContext context);
}

/// <summary>Registers a type under the name by which model files call it: <c>[assembly: ModelLoader&lt;Type&gt;("Name")]</c>.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal abstract class ModelLoaderAttribute(string name) : Attribute
{
    private static readonly ConcurrentDictionary<Type, string> Names = [];

    internal string Name => name;

    internal abstract Type Type { get; }

    internal abstract ICanSaveModel Load(ModelLoadContext context);

    internal static string NameOf(Type type) => Names.GetOrAdd(type, static type =>
        type.Assembly.GetCustomAttributes<ModelLoaderAttribute>().Single(attribute => attribute.Type == type).Name);
}

/// <inheritdoc cref="ModelLoaderAttribute"/>
internal sealed class ModelLoaderAttribute<T>(string name) : ModelLoaderAttribute(name) where T : ILoadable
{
    internal override Type Type => typeof(T);

    internal override ICanSaveModel Load(ModelLoadContext context) => T.Load(context);
}
