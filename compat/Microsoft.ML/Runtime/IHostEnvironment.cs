namespace Microsoft.ML.Runtime;

/// <summary>The environment that estimators and models live in: an <see cref="MLContext"/>.</summary>
public interface IHostEnvironment
{
    ComponentCatalog ComponentCatalog { get; }
}
