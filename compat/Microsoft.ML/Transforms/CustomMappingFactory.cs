namespace Microsoft.ML.Transforms;

/// <summary>
/// Gives the function of a custom mapping when a model that uses it is loaded. A public class with a parameterless constructor,
/// marked with <see cref="CustomMappingFactoryAttributeAttribute"/>.
/// </summary>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory where TSrc : class, new() where TDst : class, new()
{
    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.Create(string contractName) => new CustomMappingTransformer<TSrc, TDst>(GetMapping(), contractName);
}

/// <summary>Marks the factory of a custom mapping with the contract name that the mapping was made with.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomMappingFactoryAttributeAttribute : ExtensionBaseAttribute
{
    public CustomMappingFactoryAttributeAttribute(string contractName) : base(contractName) { }
}
