"""What torch says when something is refused: the long error texts of autograd, and the names that occur in them."""

import linecache
import re
import sys

from ..backends import backend_of
from ..dtypes import SCALAR_TYPE

FREED = ("Trying to backward through the graph a second time (or directly access saved tensors after they have already "
         "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
         "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
         "saved tensors after calling backward.")

FREED_BY = ("Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify "
            "retain_graph=True if you need to backward through the graph a second time or if you need to access saved "
            "variables after calling backward.")

INFERENCE_WRITTEN = ("Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to "
                     "get "
                     "a normal tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more "
                     "details.")

LEAF_WRITTEN = "a leaf Variable that requires grad is being used in an in-place operation."
VIEW_OF_LEAF_WRITTEN = "a view of a leaf Variable that requires grad is being used in an in-place operation."

DETACHED = ("Trying to use a saved tensor that has been detached in-place, i.e. with .detach_().This is not supported, "
            "please use out-of-place `.detach()` instead")
CYCLE = ("Using backward() with create_graph=True will create a reference cycle between the parameter and its gradient which "
         "can cause a memory leak. We recommend using autograd.grad when creating the graph to avoid this. If you have to "
         "use this function, make sure to reset the .grad fields of your parameters to None after use to break the cycle "
         "and avoid the leak.")

NOT_A_LEAF = "you can only change requires_grad flags of leaf variables."
DETACH_INSTEAD = ("If you want to use a computed variable in a subgraph that doesn't require differentiation use "
                  "var_no_grad = var.detach().")

SELF_OVERLAP = ("unsupported operation: more than one element of the written-to tensor refers to a single memory "
                "location. "
                "Please clone() the tensor before performing the operation.")
OVERLAP = ("unsupported operation: some elements of the input tensor and the written-to tensor refer to a single "
           "memory "
           "location. Please clone() the tensor before performing the operation.")

DETACH_VIEW = ("Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for "
               "training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence "
               "detach_() cannot be called on these gradients. To fix this error, please refer to the "
               "Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution.")

GRAD_DTYPE = ("attempting to assign a gradient with dtype '{}' to a tensor with grad_dtype '{}'. The gradient must "
              "match "
              "the tensor's grad_dtype (defaults to the tensor's dtype). You can set the tensor's grad_dtype attribute "
              "with a specific dtype, or None to allow any dtype. Set grad_dtype with caution. Diverging the dtypes "
              "of a "
              "tensor and its gradient may break downstream systems that assume they match.")

BATCH_MISMATCH = ("If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch "
                  "dimension. The sizes of the remaining dimensions are expected to match the shape of corresponding "
                  "output, but a mismatch was detected: grad_output[{}] has a shape of {} and output[{}] has a shape of "
                  "{}. If you only want some tensors in `grad_output` to be considered batched, consider using vmap.")

STRICT_UNUSED = "{} of the user-provided function is independent of input {}. This is not allowed in strict mode."
STRICT = {
    "outputs": "Output {} of the user-provided function does not require gradients. The outputs must be computed in a "
               "differentiable manner from the input when running in strict mode.",
    "jacobian": "While computing the hessian, found that the jacobian of the user-provided function with respect to "
    "input "
                "{} is independent of the input. This is not allowed in strict mode. You should ensure that your "
                "function "
                "is twice differentiable and that the jacobian depends on the inputs (this would be violated by a "
                "linear "
                "function for example).",
    "recorded": "The jacobian of the user-provided function is independent of input {}. This is not allowed in strict "
    "mode "
                "when create_graph=True.",
}

NOT_REENTRANT = """\
Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives \
different values, although analytical gradient matches numerical gradient.The tolerance for nondeterminism was {}.

NOTE: If your op relies on non-deterministic operations i.e., it is listed here:
https://pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
this failure might be expected.

If you are adding a new operator, please file an issue and then use one of the
workarounds. The workaround depends on how your test invokes gradcheck/gradgradcheck.
If the test
- manually invokes gradcheck/gradgradcheck, then call gradcheck/gradgradcheck
  with `nondet_tol=<tol>` as a keyword argument.
- is OpInfo-based (e.g., in test_ops_gradients.py), then modify the OpInfo for the test
  to have `gradcheck_nondet_tol=<tol>`.
- is a Module test (e.g., in common_nn.py), then modify the corresponding
  module_test entry to have `gradcheck_nondet_tol=<tol>`
"""
GRADCHECK_FAST = """
The above quantities relating the numerical and analytical jacobians are computed\x20
in fast mode. See: https://github.com/pytorch/pytorch/issues/53876 for more background\x20
about fast mode. Below, we recompute numerical and analytical jacobians in slow mode:

Numerical:
 {}
Analytical:
{}

The max per-element difference (slow mode) is: {}.
"""
UNDEFINED_WARNING = ("Backwards compatibility: New undefined gradient support checking feature is enabled by default, "
                     "but it may break existing callers of this function. If this is true for you, you can call this "
                     "function with \"check_undefined_grad=False\" to disable the feature")

GRAD_OF_NON_LEAF = ("The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute "
                    "won't "
                    "be populated during autograd.backward(). If you indeed want the .grad field to be populated for a "
                    "non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by "
                    "mistake, make sure you access the leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 "
                    "for more information.")

INSIDE = ("backward() called inside a functorch transform. This is not supported, please use functorch.grad or functorch.vjp "
          "instead or call backward() outside of functorch transforms.")

NOT_CALLABLE = ("_push_saved_tensors_default_hooks(): incompatible function arguments. The following argument types are "
                "supported:\n    1. (arg0: collections.abc.Callable, arg1: collections.abc.Callable) -> None\n")

PACK_CHANGES = ("A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook "
                "cannot be "
                "modified by in-place operations as this can lead to unexpected side-effects. Please open an issue if "
                "you "
                "need to perform in-place operations on the input to a pack hook.")

_AMBIGUOUS = ("Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by "
              "moving "
              "both the view and the inplace either both inside the {} block (if you don't want the inplace to be "
              "tracked) "
              "or both outside (if you want the inplace to be tracked).")

WHY_REFUSED = {
    "no_grad": _AMBIGUOUS.format("no_grad"),
    "inference": _AMBIGUOUS.format("inference_mode"),
    "multi": "This view is the output of a function that returns multiple views. Such functions do not allow the "
    "output "
             "views to be modified inplace. You should replace the inplace operation by an out-of-place one.",
    "function": "This view was created inside a custom Function (or because an input was returned as-is) and the "
    "autograd "
                "logic to handle view+inplace would override the custom backward associated with the custom Function, "
                "leading to incorrect gradients. This behavior is forbidden. You can fix this by cloning the output of "
                "the custom Function.",
}


def refused_text(origin, node, number, what):
    """Why a view made in the way `origin` (and by `node`, if that was recorded) refuses in-place writes."""
    mode = "inference mode" if origin == "inference" else "no_grad mode"
    when = "in normal mode" if origin == "inference" else "with grad mode enabled"
    if node is None:
        head = f"A view was created in {mode} and {what} modified inplace {when}."
    elif origin in ("no_grad", "inference"):
        head = (f"Output {number} of {op_name(node)} is a view of a view which was created in {mode} and {what} "
                f"modified "
                f"inplace {when}.")
    else:
        head = f"Output {number} of {op_name(node)} is a view and {what} modified inplace."
    return f"{head} {WHY_REFUSED[origin]}"


def modified_text(saved, expected, maker, number, node):
    """What torch says of a saved tensor (output `number` of `maker`) that was overwritten, and where that happened."""
    view = node.written_view() if maker is node and hasattr(node, "written_view") else None  # torch looks at a live one
    called = "AsStrided" if view is not None else maker and op_name(maker)
    made_by = "" if maker is None else f", which is output {number} of {called},"
    kind = type_name(saved._data, saved.device)
    text = (f"one of the variables needed for gradient computation has been modified by an inplace operation: "
            f"[{'CPUBoolType' if kind == 'torch.BoolTensor' else kind} {list(saved._data.shape)}]{made_by} is at version "
            f"{saved._counter.value}; expected version {expected} instead. Hint: enable anomaly detection to find the "
            f"operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, "
            f"check_nan=False).")
    if saved._counter.site is None:
        return text
    return f"{text}\nSaved for {node.name()}; last written at {quoted(saved._counter.site)}"


# ---- where ----------------------------------------------------------------------------------------------------------

PACKAGE = __file__.rpartition("autograd")[0]


def site():
    """The user's source line that is being executed, as file:line; None if there is none."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame = frame.f_back
    return None if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"


def quoted(site):
    """A place in the source with what is written there."""
    file, _, line = str(site).rpartition(":")
    text = linecache.getline(file, int(line)).strip() if line.isdigit() else ""
    return f"{site}: {text}" if text else f"{site}"


def written_here(text):
    """An error's text with the user's line that writes in place below it."""
    return f"{text}\nWritten at {quoted(site())}"


def op_name(node):
    """MulBackward0 -> Mul, SumBackward1 -> Sum1."""
    return re.sub(r"Backward(0|)(?=\d*$)", "", node.name())


def type_name(data, device):
    """torch.FloatTensor, torch.cuda.LongTensor, ...: the legacy name of a tensor's type."""
    where = "" if device.type == "cpu" else device.type + "."
    return f"torch.{where}{SCALAR_TYPE[backend_of(data).dtype_of(data)]}Tensor"
