using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>ATen's operators over lists of tensors: one dispatch for all of them.</summary>
internal static class Foreach
{
    private static readonly Operator Multiply_ = new("aten::_foreach_mul_", "Scalar");
    private static readonly Operator AddScalar_ = new("aten::_foreach_add_", "Scalar");
    private static readonly Operator AddList_ = new("aten::_foreach_add_", "List");
    private static readonly Operator AddList = new("aten::_foreach_add", "List");
    private static readonly Operator Negative = new("aten::_foreach_neg");
    private static readonly Operator SquareRoot = new("aten::_foreach_sqrt");
    private static readonly Operator Larger_ = new("aten::_foreach_maximum_", "List");
    private static readonly Operator AddProduct_ = new("aten::_foreach_addcmul_", "Scalar");
    private static readonly Operator AddQuotient_ = new("aten::_foreach_addcdiv_", "Scalar");

    internal static void Mul_(Tensor[] tensors, double factor) => Multiply_.Do(tensors, factor);

    internal static void Add_(Tensor[] tensors, double summand) => AddScalar_.Do(tensors, summand);

    /// <summary>tensors += alpha · others.</summary>
    internal static void Add_(Tensor[] tensors, Tensor[] others, double alpha) => AddList_.Do(tensors, others, alpha);

    /// <summary>tensors + alpha · others.</summary>
    internal static Tensor[] Add(Tensor[] tensors, Tensor[] others, double alpha) => AddList.CallList(tensors, others, alpha);

    internal static Tensor[] Neg(Tensor[] tensors) => Negative.CallList(tensors);

    internal static Tensor[] Sqrt(Tensor[] tensors) => SquareRoot.CallList(tensors);

    internal static void Maximum_(Tensor[] tensors, Tensor[] others) => Larger_.Do(tensors, others);

    /// <summary>tensors += value · first · second.</summary>
    internal static void AddCMul_(Tensor[] tensors, Tensor[] first, Tensor[] second, double value) =>
        AddProduct_.Do(tensors, first, second, value);

    /// <summary>tensors += value · first / second.</summary>
    internal static void AddCDiv_(Tensor[] tensors, Tensor[] first, Tensor[] second, double value) =>
        AddQuotient_.Do(tensors, first, second, value);
}
