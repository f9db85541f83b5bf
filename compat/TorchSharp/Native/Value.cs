using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>What a <see cref="Value"/> holds. The order is that of the native enum: from IntList on, lists.</summary>
internal enum Tag
{
    None, Default, Tensor, Int, Double, Bool, Device, Generator, IntList, DoubleList, TensorList, OptionalTensorList, String,
}

/// <summary>An argument or result as native code sees it: a list is a pointer and a count, a device its type and index.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Value
{
    [FieldOffset(0)] internal Tag Tag;
    [FieldOffset(4)] internal int Count;
    [FieldOffset(8)] internal long Int;
    [FieldOffset(8)] internal double Double;
    [FieldOffset(8)] internal IntPtr Pointer;
}
