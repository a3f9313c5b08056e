# @generated from the declarations of the operations, by
# UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated
"""What the operations' declarations say, for Python."""
