using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms that arrange columns.</summary>
public static class TransformExtensionsCatalog
{
    /// <summary>Joins columns of one item type, vectors or scalars, to one vector.</summary>
    public static ColumnConcatenatingEstimator Concatenate(this TransformsCatalog catalog, string outputColumnName,
        params string[] inputColumnNames) =>
        new(outputColumnName, inputColumnNames);

    /// <summary>Gives a column a second name.</summary>
    public static ColumnCopyingEstimator CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName) =>
        new(new(outputColumnName, inputColumnName));

    /// <summary>Leaves columns out, and those hidden by later ones of the same name.</summary>
    public static ColumnSelectingEstimator DropColumns(this TransformsCatalog catalog, params string[] columnNames) =>
        new(columnNames, keeps: false);

    /// <summary>Leaves all other columns out.</summary>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, params string[] columnNames) =>
        new(columnNames, keeps: true);

    /// <summary>Leaves all other columns out.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="columnNames">The columns that stay.</param>
    /// <param name="keepHidden">Whether columns hidden by those stay too.</param>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, string[] columnNames, bool keepHidden) =>
        new(columnNames, keeps: true, keepHidden);
}
