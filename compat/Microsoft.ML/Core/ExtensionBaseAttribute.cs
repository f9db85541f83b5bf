namespace Microsoft.ML;

/// <summary>Marks a class that is found by a contract's name.</summary>
public abstract class ExtensionBaseAttribute : Attribute
{
    private protected ExtensionBaseAttribute(string contractName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(contractName);
        ContractName = contractName;
    }

    public string ContractName { get; }
}
